package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.Objects;

/**
 * Low-bit weights that the runtime's matrix kernel reads as they are.
 *
 * <pre>
 * before: MatMul(x, w)                    or Gemm(x, w, c)
 * after:  MatMul(x, DequantizeLinear(codes, scale(, zero point)))
 *         packed planes are unpacked into INT4 or INT8 codes, see {@link PlaneNodes};
 *         levels from tables become INT8 codes, or INT4 where they fit, see {@link LevelReader};
 *         scales of two levels are Mul(Cast(scale), base)
 * </pre>
 *
 * <p>ONNX Runtime fuses the pair into MatMulNBits when the codes lie as {@code [K, N]} in an
 * initializer of their own, or in one that it computed from constants; it then rounds the
 * activations to 8 bits block by block (session option {@code
 * session.qdq_matmulnbits_accuracy_level=0} turns that off, at a price in speed). A weight read
 * through two DequantizeLinear nodes is not fused, so weights with several readers get another
 * encoding.
 */
final class DequantizedMatMul {
    private DequantizedMatMul() {}

    /** Opset of the first operators that take these codes and groups. */
    static int minimumOpset(Grouping grouping, WeightLayout layout) {
        int forType = WeightLayout.minimumOpset(layout.operandType());
        int forGroups =
                switch (grouping.kind()) {
                    case TENSOR -> 10;
                    case CHANNEL -> 13;
                    case BLOCK -> 21;
                };
        return Math.max(layout.minimumOpset(), Math.max(forType, forGroups));
    }

    static void apply(EncodingContext context, StoredWeight weight, WeightUse use) {
        Node product = use.node();
        NodeInserter nodes =
                new NodeInserter(
                        Objects.requireNonNull(product.graph()), product, Labels.of(product));
        Value codes = weight.reader(nodes, context.constants()).operand();
        MatrixOperand operand = MatrixOperand.of(weight, use, codes, context.constants(), nodes);
        Value real =
                nodes.add(
                        "DequantizeLinear",
                        node -> setGroups(node, weight.grouping()),
                        operand.zeroPoint() == null
                                ? new Value[] {operand.codes(), operand.scale()}
                                : new Value[] {
                                    operand.codes(), operand.scale(), operand.zeroPoint()
                                });
        product.setInput(use.input(), real);
        product.removeAttribute("transB");
    }

    private static void setGroups(Node dequantize, Grouping grouping) {
        switch (grouping.kind()) {
            case TENSOR -> {}
            case CHANNEL -> dequantize.setAttribute("axis", 1);
            case BLOCK -> {
                dequantize.setAttribute("axis", 0);
                dequantize.setAttribute("block_size", grouping.size());
            }
        }
    }
}
