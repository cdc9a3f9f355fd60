package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.Objects;

/**
 * int8 weights for a node whose activations are quantized with known parameters.
 *
 * <pre>
 * before: Conv(x, w)          or MatMul(x, w), Gemm(x, w)
 * after:  Conv(x, DequantizeLinear(codes, scale, zero point))
 *         codes of int4 and int2 go through Cast(INT8); packed planes through
 *         Cast(Sub(unpacked, middle)), see {@link PlaneNodes}; levels from tables are looked up,
 *         see {@link LevelReader}
 * </pre>
 *
 * <p>The runtime casts and unpacks constants when it loads the model, before it looks for groups
 * that make an integer kernel, so the kernel is the same for every width and the file is small.
 *
 * <p>With the DequantizeLinear before {@code x} and the QuantizeLinear behind the node ONNX Runtime
 * makes one integer kernel of all. Every reader gets a DequantizeLinear of its own. The zero points
 * are written although they are 0: without them the runtime (1.29) does not recognize a Gemm.
 */
final class IntegerWeight {
    private IntegerWeight() {}

    static void apply(EncodingContext context, StoredWeight weight, WeightUse use) {
        Node node = use.node();
        SharedConstants constants = context.constants();
        NodeInserter nodes =
                new NodeInserter(Objects.requireNonNull(node.graph()), node, Labels.of(node));
        boolean product = use.isRightOperand();
        Value codes = weight.reader(nodes, constants).integers(ElementType.INT8);
        Value scale = Objects.requireNonNull(weight.scale(nodes));
        boolean perChannel = weight.grouping().equals(Grouping.CHANNEL);
        if (weight.storage() == Storage.ROWS) {
            codes = use.transposed() ? MatrixOperand.turnOver(codes, nodes) : codes;
            scale = perChannel ? nodes.add("Reshape", scale, constants.longs(-1)) : scale;
        }
        int channels = Math.toIntExact(channels(weight.site().tensor(), use));
        Value zeroPoint = perChannel ? constants.zeros(channels) : zero(constants);
        int axis = product ? 1 : 0;
        node.setInput(
                use.input(),
                nodes.add(
                        "DequantizeLinear",
                        dequantize -> {
                            if (perChannel) {
                                dequantize.setAttribute("axis", axis);
                            }
                        },
                        codes,
                        scale,
                        zeroPoint));
        if (product) {
            node.removeAttribute("transB");
        }
    }

    /** Opset of the first operators that read these codes. */
    static int minimumOpset(WeightLayout layout) {
        return Math.max(layout.minimumOpset(), ActivationOpset.MINIMUM);
    }

    /** Number of output channels that a node makes with a weight. */
    static long channels(Tensor weight, WeightUse use) {
        if (!use.isRightOperand()) {
            return weight.dimension(0);
        }
        return weight.dimension(use.transposed() ? weight.rank() - 2 : weight.rank() - 1);
    }

    private static Value zero(SharedConstants constants) {
        return constants.code(ElementType.INT8, 0);
    }
}
