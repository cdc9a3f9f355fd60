package dev.fewbit.core.format;

/**
 * Evenly spaced levels: {@code value = (code - zeroPoint) * scale}, zero always exact.
 *
 * <p>Codes are integers of {@code bits} bits, two's complement or unsigned, and the whole code
 * range is used. A symmetric format fixes the zero point in the middle of the code range (0 when
 * signed, {@code 2^(bits - 1)} when unsigned); an asymmetric one chooses it for every group.
 *
 * <p>The range of a symmetric format reaches one step further on the negative side: 4 bits give the
 * levels {@code -8 .. 7} times the scale. Giving up the lowest level, as some tools do, would cost
 * 1.05 dB at 2 bits and 0.36 dB at 4 bits. With 1 bit that leaves {@code -scale} and 0 for a
 * symmetric format, so that positive values become zero; an asymmetric one has 0 and one level of
 * either sign, whichever extreme is larger. Two levels of opposite sign without a zero are not
 * affine in this sense: zero would not be exact.
 *
 * @param bits bits of one code, 1 to 16
 * @param signed whether codes are two's complement
 * @param symmetric whether the zero point is fixed
 */
public record Affine(int bits, boolean signed, boolean symmetric) implements WeightFormat {

    /** Most bits that a code may have. */
    public static final int MAXIMUM_BITS = 16;

    /** Checks the width. */
    public Affine {
        if (bits < 1 || bits > MAXIMUM_BITS) {
            throw new IllegalArgumentException(
                    "affine codes have 1 to %d bits, got %d".formatted(MAXIMUM_BITS, bits));
        }
    }

    /** Smallest code. */
    public int qmin() {
        return signed ? -(1 << (bits - 1)) : 0;
    }

    /** Largest code. */
    public int qmax() {
        return qmin() + levels() - 1;
    }

    /** Number of codes, {@code 2^bits}. */
    public int levels() {
        return 1 << bits;
    }

    /** The zero point of a symmetric format. */
    public int middle() {
        return signed ? 0 : 1 << (bits - 1);
    }

    /** For example {@code int8} or {@code uint4}. */
    @Override
    public String label() {
        return (signed ? "int" : "uint") + bits;
    }
}
