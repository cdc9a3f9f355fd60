package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.Objects;

/**
 * Looks up integer rows and turns only those into floats.
 *
 * <pre>
 * before: Gather(table, ids)
 * after:  Mul(Sub(Cast(Gather(codes, ids)), Gather(zero point, ids)), Gather(scale, ids))
 *         with (BitShift, Concat) behind the first Gather for codes narrower than a byte
 *         blocks: the same on [rows, blocks, block], then Reshape(..., Concat(Shape(ids), width))
 * </pre>
 *
 * <p>DequantizeLinear in front of Gather would turn the whole table into floats at every run;
 * behind it, ONNX Runtime (1.29, 1.30) takes it for the quantized input of a following product and
 * fails. Gather has no kernels for types narrower than a byte, hence the packed bytes. Needs opset
 * 7, 11 for codes narrower than a byte.
 */
final class GatheredRows {
    private GatheredRows() {}

    static int minimumOpset(int bits) {
        return bits < 8 ? 11 : 7;
    }

    static void apply(EncodingContext context, StoredWeight weight, WeightUse use) {
        Node lookup = use.node();
        Graph graph = Objects.requireNonNull(lookup.graph());
        SharedConstants constants = context.constants();
        NodeInserter nodes = new NodeInserter(graph, lookup, Labels.of(lookup));
        Value indices = Objects.requireNonNull(lookup.input(1));
        boolean blocks = weight.grouping().kind() == Grouping.Kind.BLOCK;

        Value codes = gather(weight.codes(), weight, blocks ? -1 : 0, indices, constants, nodes);
        if (weight.isPacked()) {
            codes =
                    RowPlanes.unpack(
                            nodes, constants, codes, weight.rowWidth(), weight.format().bits());
        }
        Value real = nodes.cast(codes, ElementType.FLOAT);
        Value zeroPoint = weight.zeroPoint();
        if (zeroPoint != null) {
            Value zero = gather(zeroPoint, weight, blocks ? 1 : 0, indices, constants, nodes);
            real = nodes.add("Sub", real, nodes.cast(zero, ElementType.FLOAT));
        }
        Value scale = gather(weight.scale(), weight, blocks ? 1 : 0, indices, constants, nodes);
        if (!blocks) {
            graph.replace(lookup, new Node("Mul", lookup.name(), real, scale));
            return;
        }
        Value scaled = nodes.add("Mul", real, scale);
        Value shape =
                nodes.add(
                        "Concat",
                        node -> node.setAttribute("axis", 0),
                        nodes.add("Shape", indices),
                        constants.longs(weight.geometry().length()));
        graph.replace(lookup, new Node("Reshape", lookup.name(), scaled, shape));
    }

    /**
     * Rows of the codes or parameters.
     *
     * @param lastAxis 0 to leave the table in its shape; otherwise it is looked at as {@code [rows,
     *     blocks, lastAxis]}, -1 for what is left
     */
    private static Value gather(
            Value table,
            StoredWeight weight,
            int lastAxis,
            Value indices,
            SharedConstants constants,
            NodeInserter nodes) {
        if (weight.grouping().kind() == Grouping.Kind.TENSOR && table != weight.codes()) {
            return table;
        }
        Value rows = table;
        if (lastAxis != 0) {
            GroupGeometry geometry = weight.geometry();
            long blocks = geometry.groupsPerRun();
            rows = nodes.add("Reshape", table, constants.longs(geometry.outer(), blocks, lastAxis));
        }
        return nodes.add("Gather", rows, indices);
    }
}
