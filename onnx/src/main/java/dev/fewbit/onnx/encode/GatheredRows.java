package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
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
 *         blocks: DequantizeLinear(Gather(codes, ids), Gather(scale, ids), Gather(zero point, ids)), block by block
 * </pre>
 *
 * <p>DequantizeLinear in front of Gather would turn the whole table into floats at every run.
 * Gather has no kernels for types narrower than a byte, hence the packed bytes. Needs opset 7, 11
 * for codes narrower than a byte, 21 for blocks.
 */
final class GatheredRows {
    private GatheredRows() {}

    static int minimumOpset(int bits, Grouping grouping) {
        return grouping.kind() == Grouping.Kind.BLOCK ? 21 : bits < 8 ? 11 : 7;
    }

    static void apply(EncodingContext context, StoredWeight weight, WeightUse use) {
        Node lookup = use.node();
        Graph graph = Objects.requireNonNull(lookup.graph());
        NodeInserter nodes = new NodeInserter(graph, lookup, Labels.of(lookup));
        Value indices = Objects.requireNonNull(lookup.input(1));

        Value codes = nodes.add("Gather", weight.codes(), indices);
        if (weight.isPacked()) {
            codes =
                    RowPlanes.unpack(
                            nodes,
                            context.constants(),
                            codes,
                            weight.rowWidth(),
                            weight.format().bits());
        }
        graph.replace(
                lookup,
                switch (weight.grouping().kind()) {
                    case BLOCK -> blocks(weight, lookup.name(), codes, indices, nodes);
                    case CHANNEL, TENSOR -> rows(weight, lookup.name(), codes, indices, nodes);
                });
    }

    private static Node blocks(
            StoredWeight weight, String name, Value codes, Value indices, NodeInserter nodes) {
        Node dequantize =
                new Node(
                        "DequantizeLinear",
                        name,
                        codes,
                        nodes.add("Gather", weight.scale(), indices));
        Value zeroPoint = weight.zeroPoint();
        if (zeroPoint != null) {
            dequantize.addInput(nodes.add("Gather", zeroPoint, indices));
        }
        dequantize.setAttribute("axis", -1);
        dequantize.setAttribute("block_size", weight.grouping().size());
        return dequantize;
    }

    private static Node rows(
            StoredWeight weight, String name, Value codes, Value indices, NodeInserter nodes) {
        boolean perRow = weight.grouping().kind() == Grouping.Kind.CHANNEL;
        Value real = nodes.cast(codes, ElementType.FLOAT);
        Value zeroPoint = weight.zeroPoint();
        if (zeroPoint != null) {
            Value zero = perRow ? nodes.add("Gather", zeroPoint, indices) : zeroPoint;
            real = nodes.add("Sub", real, nodes.cast(zero, ElementType.FLOAT));
        }
        return new Node(
                "Mul",
                name,
                real,
                perRow ? nodes.add("Gather", weight.scale(), indices) : weight.scale());
    }
}
