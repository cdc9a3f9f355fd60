package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.ValueFacts;
import dev.fewbit.onnx.shape.Extent;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

/**
 * What models compute from shapes becomes constant where it follows from the graph.
 *
 * <pre>{@code
 * Shape(x) -> s; Gather(s, 1) -> channels           with x [N, 64, H, W] becomes channels = 64
 * Reshape(x, [Shape(x)[0], Shape(x)[1], 12, 32])    with x [N, T, 384] becomes
 *                                                   Reshape(x, [0, 0, 12, 32])
 * }</pre>
 *
 * <p>In the target of a Reshape, 0 copies the size of the same axis and -1 is what is left over, so
 * targets with sizes that only the running model knows become constant too. (As everywhere in ONNX,
 * -1 cannot be worked out for a tensor without elements.)
 */
final class StateKnownDimensions implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Graph graph = model.graph();
        ValueFacts facts = ValueFacts.of(model);
        ValueShapes shapes = facts.shapes();
        int targets = 0;
        int vectors = 0;
        for (Node node : graph.nodes()) {
            if (node.is("Reshape") && stateTarget(graph, node, shapes)) {
                targets++;
            }
            Value output = node.output(0);
            if (output == null
                    || node.outputs().size() != 1
                    || node.is("Constant")
                    || output.isGraphOutput()
                    || !output.isUsed()) {
                continue;
            }
            long[] integers = shapes.integers(output);
            Tensor tensor =
                    integers == null
                            ? null
                            : tensor(integers, shapes.shape(output), facts.elementType(output));
            if (tensor != null) {
                graph.setInitializer(node.releaseOutput(0), tensor);
                vectors++;
            }
        }
        if (targets + vectors > 0) {
            graph.removeUnused();
        }
        if (vectors > 0) {
            notes.done(vectors + " values computed from known dimensions became constant.");
        }
        if (targets > 0) {
            notes.done(targets + " targets of Reshape became constant.");
        }
        return targets + vectors > 0;
    }

    private static @Nullable Tensor tensor(
            long[] integers, long @Nullable [] shape, @Nullable ElementType type) {
        if (shape == null || Tensor.elementCount(shape) != integers.length) {
            return null;
        }
        if (type == ElementType.INT64) {
            return Tensor.ofLongs(shape, integers);
        }
        if (type != ElementType.INT32) {
            return null;
        }
        int[] narrow = new int[integers.length];
        for (int i = 0; i < narrow.length; i++) {
            if (integers[i] != (int) integers[i]) {
                return null;
            }
            narrow[i] = (int) integers[i];
        }
        return Tensor.ofInts(shape, narrow);
    }

    private static boolean stateTarget(Graph graph, Node reshape, ValueShapes shapes) {
        Value old = reshape.input(1);
        long[] wanted = shapes.elements(old);
        long[] data = shapes.shape(reshape.input(0));
        if (old == null
                || wanted == null
                || shapes.integers(old) != null
                || reshape.intAttribute("allowzero", 0) != 0) {
            return false;
        }
        long[] target = wanted.clone();
        boolean open = false;
        for (int axis = 0; axis < target.length; axis++) {
            open |= target[axis] == -1;
        }
        for (int axis = 0; axis < target.length; axis++) {
            if (Extent.isKnown(target[axis])) {
                continue;
            }
            boolean copies = data != null && axis < data.length && data[axis] == target[axis];
            if (!copies && open) {
                return false;
            }
            open |= !copies;
            target[axis] = copies ? 0 : -1;
        }
        Value constant =
                graph.addInitializer(
                        graph.freshName(Labels.of(reshape) + ".shape"),
                        Tensor.ofLongs(new long[] {target.length}, target));
        reshape.setInput(1, constant);
        return true;
    }
}
