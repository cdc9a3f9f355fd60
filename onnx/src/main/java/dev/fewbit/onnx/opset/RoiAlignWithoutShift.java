package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 16: RoiAlign shifts its regions by half a pixel unless told not to; before, it never did.
 *
 * <pre>
 * before:  RoiAlign(x, rois, batch_indices)
 * after:   RoiAlign(x, rois, batch_indices, coordinate_transformation_mode="output_half_pixel")
 * </pre>
 */
final class RoiAlignWithoutShift implements Adapter {

    @Override
    public int version() {
        return 16;
    }

    @Override
    public Set<String> operators() {
        return Set.of("RoiAlign");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        node.setAttribute("coordinate_transformation_mode", "output_half_pixel");
    }
}
