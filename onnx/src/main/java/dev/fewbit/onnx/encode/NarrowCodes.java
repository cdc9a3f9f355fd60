package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;

/**
 * Codes of activations in the types that QuantizeLinear gives. There are 8 and 16 bits, so codes of
 * fewer bits than 8 lie in a byte. QuantizeLinear saturates at the ends of the type, not at theirs;
 * the ends that differ have to be seen to.
 */
final class NarrowCodes {
    private NarrowCodes() {}

    /** The element type of codes. */
    static ElementType type(Affine format) {
        return switch (stored(format).bits()) {
            case Byte.SIZE -> format.signed() ? ElementType.INT8 : ElementType.UINT8;
            default -> format.signed() ? ElementType.INT16 : ElementType.UINT16;
        };
    }

    /** The format that uses all codes of the type. */
    static Affine stored(Affine format) {
        int bits = format.bits() <= Byte.SIZE ? Byte.SIZE : Short.SIZE;
        return new Affine(bits, format.signed(), format.symmetric());
    }

    /** Whether QuantizeLinear may give codes below the smallest one. */
    static boolean fallBelow(Affine format) {
        return stored(format).qmin() < format.qmin();
    }

    /** Whether QuantizeLinear may give codes above the largest one. */
    static boolean riseAbove(Affine format) {
        return stored(format).qmax() > format.qmax();
    }

    /**
     * Whether a Relu or Clip in front of QuantizeLinear makes no difference, because the codes of
     * the type reach no further. Only then does the runtime leave it out.
     */
    static boolean lieWithin(Limits limits, ActivationPlan plan) {
        Affine stored = stored(plan.format());
        int zeroPoint = plan.parameters().zeroPoint();
        float scale = plan.parameters().scale();
        return limits.low() <= (stored.qmin() - zeroPoint) * scale
                && (stored.qmax() - zeroPoint) * scale <= limits.high();
    }
}
