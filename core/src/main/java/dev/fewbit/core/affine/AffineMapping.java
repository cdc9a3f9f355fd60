package dev.fewbit.core.affine;

import dev.fewbit.core.format.Affine;

/**
 * The specification of affine quantization, one number at a time. All kernels give bit for bit what
 * this class says.
 *
 * <pre>
 * quantize(x)   = saturate(roundHalfToEven(x / scale) + zeroPoint)   division in float
 * dequantize(q) = (q - zeroPoint) * scale                            product in float
 * </pre>
 *
 * <p>This is QuantizeLinear and DequantizeLinear of the ONNX operator specification. Immutable.
 *
 * @param format the codes
 * @param parameters scale and zero point; the zero point is one of the codes
 */
public record AffineMapping(Affine format, AffineParameters parameters) {

    /** Checks that the zero point is a code and, in a symmetric format, the middle one. */
    public AffineMapping {
        int zeroPoint = parameters.zeroPoint();
        if (zeroPoint < format.qmin() || zeroPoint > format.qmax()) {
            throw new IllegalArgumentException(
                    "the zero point of %s is a code from %d to %d, got %d"
                            .formatted(format.label(), format.qmin(), format.qmax(), zeroPoint));
        }
        if (format.symmetric() && zeroPoint != format.middle()) {
            throw new IllegalArgumentException(
                    "the zero point of symmetric %s is %d, got %d"
                            .formatted(format.label(), format.middle(), zeroPoint));
        }
    }

    /**
     * The code of a value.
     *
     * @param value any finite number, or an infinity, which saturates
     */
    public int quantize(float value) {
        return quantize(value, parameters.scale(), parameters.zeroPoint(), format);
    }

    /** The value of a code. */
    public float dequantize(int code) {
        return dequantize(code, parameters.scale(), parameters.zeroPoint());
    }

    /** {@link #quantize(float)} on plain numbers, which are not checked. */
    public static int quantize(float value, float scale, int zeroPoint, Affine format) {
        // Saturating before the zero point is added: the sum cannot overflow.
        double steps = Math.rint(value / scale);
        double saturated =
                Math.max(format.qmin() - zeroPoint, Math.min(format.qmax() - zeroPoint, steps));
        return (int) saturated + zeroPoint;
    }

    /** {@link #dequantize(int)} on plain numbers, which are not checked. */
    public static float dequantize(int code, float scale, int zeroPoint) {
        return (code - zeroPoint) * scale;
    }
}
