package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Set;

/**
 * Opset 11: Resize gets a region of interest and says how coordinates map; what opset 10 did
 * becomes explicit.
 *
 * <pre>
 * before:  Resize(x, scales, mode)
 * after:   Resize(x, roi, scales, mode, coordinate_transformation_mode="asymmetric", nearest_mode="floor")
 * </pre>
 *
 * Opset 10 leaves the rounding of mode "nearest" open. ONNX Runtime rounds down along axes that
 * grow and up along axes that shrink, and so do the nodes made here: shrinking scales give "ceil",
 * and scales of which some grow and some shrink give two nodes, shrinking first. Scales that are
 * computed while the model runs are taken to grow.
 */
final class ResizeStatesCoordinates implements Adapter {

    private static final int OPSET_OF_OPTIONAL_ROI = 13;

    @Override
    public int version() {
        return 11;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Resize");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        Value scales = node.input(1);
        float[] known = rewriting.facts().shapes().numbers(scales);
        float[] stated = known == null ? new float[0] : known;
        boolean nearest = node.stringAttribute("mode", "nearest").equals("nearest");
        boolean shrinks = nearest && any(stated, -1);
        if (shrinks && any(stated, 1)) {
            Node first =
                    new Node("Resize", "", node.input(0), null, limited(stated, -1, rewriting));
            state(first, "ceil", rewriting);
            node.setInput(0, rewriting.insertBefore(node, first));
            node.setInput(2, limited(stated, 1, rewriting));
            state(node, "floor", rewriting);
        } else {
            node.setInput(2, scales);
            state(node, shrinks ? "ceil" : "floor", rewriting);
        }
        if (!nearest) {
            node.removeAttribute("nearest_mode");
        }
    }

    private static void state(Node node, String rounding, Rewriting rewriting) {
        boolean omitted = rewriting.target() >= OPSET_OF_OPTIONAL_ROI;
        node.setInput(1, omitted ? null : rewriting.constant("roi", Tensor.ofFloats(new long[1])));
        node.setAttribute("coordinate_transformation_mode", "asymmetric");
        node.setAttribute("nearest_mode", rounding);
    }

    /** True when a scale is above 1 (direction 1) or below 1 (direction -1). */
    private static boolean any(float[] scales, int direction) {
        for (float scale : scales) {
            if (direction > 0 ? scale > 1 : scale < 1) {
                return true;
            }
        }
        return false;
    }

    /** The scales of one direction, 1 for the others. */
    private static Value limited(float[] scales, int direction, Rewriting rewriting) {
        float[] limited = scales.clone();
        for (int axis = 0; axis < limited.length; axis++) {
            limited[axis] = direction > 0 ? Math.max(limited[axis], 1) : Math.min(limited[axis], 1);
        }
        return rewriting.constant("scales", Tensor.ofFloats(new long[] {limited.length}, limited));
    }
}
