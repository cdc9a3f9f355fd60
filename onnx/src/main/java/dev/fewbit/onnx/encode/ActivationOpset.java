package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.opset.OpsetRaiser;

import java.util.List;

/** The opsets in which activations can be quantized. */
final class ActivationOpset {
    /** Opset of QuantizeLinear and DequantizeLinear with a scale for each channel. */
    static final int MINIMUM = 13;

    /** Opset of QuantizeLinear to 16 bits. */
    private static final int OF_16_BITS = 21;

    /** Since this opset the runtime cannot load some models with signed activations. */
    private static final int OUTPUT_TYPE_ATTRIBUTE = 21;

    /** Opsets of the first types of 2 and 4 bits. */
    private static final List<Integer> NARROW_TYPES = List.of(25, 21);

    private ActivationOpset() {}

    /**
     * The highest opset that codes narrower than a byte can count on: what the model can be raised
     * to, and not where int8 activations fail.
     */
    static int highest(Model model, GraphPlan plan) {
        int current = Math.clamp(model.opset("").orElse(0), 0, OpsetRaiser.MAXIMUM);
        if (plan.activations().stream().anyMatch(ActivationOpset::isSignedByte)
                || plan.operators().stream().anyMatch(ActivationOpset::readsSignedByte)) {
            return Math.min(current, OUTPUT_TYPE_ATTRIBUTE - 1);
        }
        for (int opset : NARROW_TYPES) {
            if (current >= opset || OpsetRaiser.obstacles(model, opset).isEmpty()) {
                return Math.max(current, opset);
            }
        }
        return current;
    }

    private static boolean isSignedByte(ActivationPlan activation) {
        return isSignedByte(activation.format());
    }

    private static boolean isSignedByte(Affine format) {
        return format.bits() <= Byte.SIZE && format.signed();
    }

    private static boolean readsSignedByte(OperatorPlan operator) {
        return operator.input().filter(input -> isSignedByte(input.format())).isPresent();
    }

    /** Opset that the activations of a plan need. */
    static int minimum(GraphPlan plan) {
        int needed = plan.activations().isEmpty() ? 0 : MINIMUM;
        for (ActivationPlan activation : plan.activations()) {
            if (activation.format().bits() == 16) {
                needed = OF_16_BITS;
            }
        }
        return needed;
    }

    /**
     * Refuses int8 activations where ONNX Runtime (1.29, x86) may fail to load the model, saying
     * that a QuantizeLinear which it added states INT8 and has an UINT8 zero point.
     *
     * @throws EncodingException naming the value
     */
    static void check(GraphPlan plan, long opset) {
        if (opset < OUTPUT_TYPE_ATTRIBUTE) {
            return;
        }
        for (ActivationPlan activation : plan.activations()) {
            if (isSignedByte(activation)) {
                throw new EncodingException(
                        "value '"
                                + activation.value()
                                + "' cannot be int8 in a model of opset "
                                + opset
                                + ": ONNX Runtime on x86 fails to load some of those; plan uint8");
            }
        }
    }
}
