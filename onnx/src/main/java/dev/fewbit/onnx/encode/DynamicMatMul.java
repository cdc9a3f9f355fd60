package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.Objects;

/**
 * Activations quantized on the go, int8 weights, integer product.
 *
 * <pre>
 * before: MatMul(x, w)
 * after:  q, s, z = DynamicQuantizeLinear(x)          (shared by all readers of x)
 *         Mul(Cast(MatMulInteger(q, codes, z)), Mul(s, scale))
 * before: Gemm(x, w, c)
 * after:  Add(the same, c)
 * </pre>
 *
 * <p>ONNX Runtime fuses this into DynamicQuantizeMatMul or MatMulIntegerToFloat, a following bias
 * included. The multiplication of the two scales comes first because that is the shape which the
 * fusion looks for. Needs opset 11.
 */
final class DynamicMatMul {
    private static final int MINIMUM_OPSET = 11;

    private DynamicMatMul() {}

    static int minimumOpset(WeightLayout layout) {
        return Math.max(layout.minimumOpset(), MINIMUM_OPSET);
    }

    static void apply(EncodingContext context, StoredWeight weight, WeightUse use) {
        Node product = use.node();
        Graph graph = Objects.requireNonNull(product.graph());
        NodeInserter nodes = new NodeInserter(graph, product, Labels.of(product));
        Value activation = Objects.requireNonNull(product.input(0));
        QuantizedActivation quantized = context.quantizedActivation(activation, nodes);
        Value codes = weight.reader(nodes, context.constants()).integers(ElementType.INT8);
        MatrixOperand operand = MatrixOperand.of(weight, use, codes, context.constants(), nodes);

        Value zeroPoint = operand.zeroPoint();
        Value sum =
                zeroPoint == null
                        ? nodes.add(
                                "MatMulInteger",
                                quantized.codes(),
                                operand.codes(),
                                quantized.zeroPoint())
                        : nodes.add(
                                "MatMulInteger",
                                quantized.codes(),
                                operand.codes(),
                                quantized.zeroPoint(),
                                zeroPoint);
        Value real = nodes.cast(sum, ElementType.FLOAT);
        Value scale = nodes.add("Mul", quantized.scale(), operand.scale());
        Value bias = use.node().input(2);
        if (bias == null) {
            graph.replace(product, new Node("Mul", product.name(), real, scale));
        } else {
            graph.replace(
                    product, new Node("Add", product.name(), nodes.add("Mul", real, scale), bias));
        }
    }
}
