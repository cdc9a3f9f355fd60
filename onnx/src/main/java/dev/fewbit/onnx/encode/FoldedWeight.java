package dev.fewbit.onnx.encode;

import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.List;

/**
 * A weight that is small in the file and float in memory, for any operator.
 *
 * <pre>
 * before: w
 * after:  Mul(Sub(Cast(codes), zero point), scale)
 *         with (BitShift, Concat) before it for codes narrower than a byte, and Reshape around it for blocks
 * </pre>
 *
 * <p>All inputs are constants and none of the operators is DequantizeLinear (which ONNX Runtime
 * never folds), so the runtime computes the float weight once, when it loads the model, and then
 * runs the float kernels at their speed. Needs opset 7, and 11 for codes narrower than a byte.
 */
final class FoldedWeight {
    private FoldedWeight() {}

    static int minimumOpset(int bits) {
        return bits < 8 ? 11 : 7;
    }

    /** The float weight, in the shape of the original. */
    static Value build(EncodingContext context, StoredWeight weight) {
        Graph graph = weight.site().graph();
        List<Node> existing = graph.nodes();
        NodeInserter nodes =
                new NodeInserter(
                        graph,
                        existing.isEmpty() ? null : existing.getFirst(),
                        weight.site().name());
        SharedConstants constants = context.constants();
        GroupGeometry geometry = weight.geometry();
        long[] shape = weight.site().tensor().shape();
        boolean blocks = weight.grouping().size() > 0;

        Value codes = weight.codes();
        if (weight.isPacked()) {
            codes =
                    RowPlanes.unpack(
                            nodes, constants, codes, weight.rowWidth(), weight.format().bits());
        }
        if (blocks) {
            codes =
                    nodes.add(
                            "Reshape",
                            codes,
                            constants.longs(
                                    geometry.outer(),
                                    geometry.groupsPerRun(),
                                    geometry.groupSize(),
                                    geometry.inner()));
        } else if (weight.isPacked()) {
            codes = nodes.add("Reshape", codes, constants.longs(shape));
        }
        Value real = nodes.cast(codes, ElementType.FLOAT);
        Value zeroPoint = weight.zeroPoint();
        if (zeroPoint != null) {
            Value zero = nodes.cast(zeroPoint, ElementType.FLOAT);
            real =
                    nodes.add(
                            "Sub",
                            real,
                            blocks ? perBlock(zero, geometry, constants, nodes) : zero);
        }
        Value scale = weight.scale();
        real = nodes.add("Mul", real, blocks ? perBlock(scale, geometry, constants, nodes) : scale);
        return blocks ? nodes.add("Reshape", real, constants.longs(shape)) : real;
    }

    private static Value perBlock(
            Value perGroup, GroupGeometry geometry, SharedConstants constants, NodeInserter nodes) {
        return nodes.add(
                "Reshape",
                perGroup,
                constants.longs(geometry.outer(), geometry.groupsPerRun(), 1, geometry.inner()));
    }
}
