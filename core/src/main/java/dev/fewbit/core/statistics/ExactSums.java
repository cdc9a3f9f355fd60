package dev.fewbit.core.statistics;

import java.math.BigInteger;
import java.util.stream.IntStream;

/**
 * Sums of doubles without any rounding, so that they do not depend on the order of adding and
 * merging. A sum is an integer multiple of {@code 2^-160}, held in eleven digits of 32 bits which
 * are longs, so that carries can wait.
 *
 * <p>Terms are multiples of 2^-160 below 2^160 in magnitude, which sums of up to 2^31 floats are.
 * This is U. Kulisch's long accumulator.
 */
final class ExactSums {

    private static final int DIGITS = 11;
    private static final int LOWEST_EXPONENT = -160;
    private static final int DIGIT_BITS = 32;
    private static final long DIGIT_MASK = 0xffff_ffffL;

    /** A digit grows by less than 2^34 with every term. */
    private static final int MOST_ADDITIONS = 1 << 28;

    /** Most bytes of an {@link #exact} sum of 2^63 floats, its sign included. */
    static final int MOST_BYTES = 45;

    private final int sums;
    private final long[] digits;
    private long additions;

    /** Sums that are zero. */
    ExactSums(int sums) {
        this.sums = sums;
        digits = new long[sums * DIGITS];
    }

    /** Adds one term to each of the sums. */
    void addAll(double[] terms) {
        makeRoom();
        for (int i = 0; i < sums; i++) {
            add(i, terms[i]);
        }
    }

    private void add(int sum, double term) {
        long bits = Double.doubleToRawLongBits(term);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        if (exponent == 0) {
            return;
        }
        long mantissa = (bits & 0x000f_ffff_ffff_ffffL) | 0x0010_0000_0000_0000L;
        int position = exponent - 1075 - LOWEST_EXPONENT;
        if (position < 0) {
            // Zeros are all that is shifted out: the term is a multiple of 2^-160.
            mantissa >>>= -position;
            position = 0;
        }
        int digit = position / DIGIT_BITS;
        int shift = position % DIGIT_BITS;
        long low = (mantissa & DIGIT_MASK) << shift;
        long high = (mantissa >>> DIGIT_BITS) << shift;
        long sign = bits >> 63;
        int at = sum * DIGITS + digit;
        long middle = (low >>> DIGIT_BITS) + (high & DIGIT_MASK);
        digits[at] += ((low & DIGIT_MASK) ^ sign) - sign;
        digits[at + 1] += (middle ^ sign) - sign;
        digits[at + 2] += ((high >>> DIGIT_BITS) ^ sign) - sign;
    }

    /** Adds the other's sums. */
    void merge(ExactSums other) {
        settle();
        other.settle();
        for (int i = 0; i < digits.length; i++) {
            digits[i] += other.digits[i];
        }
        additions = 1;
    }

    /** Sets a sum to a multiple of 2^-160. */
    void set(int sum, BigInteger value) {
        BigInteger rest = value;
        int at = sum * DIGITS;
        for (int i = 0; i < DIGITS - 1; i++) {
            digits[at + i] = rest.longValue() & DIGIT_MASK;
            rest = rest.shiftRight(DIGIT_BITS);
        }
        digits[at + DIGITS - 1] = rest.longValueExact();
    }

    /** A sum as a multiple of 2^-160. */
    BigInteger exact(int sum) {
        settle();
        BigInteger value = BigInteger.ZERO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            value = value.shiftLeft(DIGIT_BITS).add(BigInteger.valueOf(digits[sum * DIGITS + i]));
        }
        return value;
    }

    /** A sum, rounded once. */
    double value(int sum) {
        // Sums of floats are multiples of 2^-149, so that none is subnormal as a double.
        return Math.scalb(exact(sum).doubleValue(), LOWEST_EXPONENT);
    }

    private void makeRoom() {
        if (++additions >= MOST_ADDITIONS) {
            settle();
            additions++;
        }
    }

    /** Carries, after which all digits but the last are from 0 to 2^32 - 1. */
    private void settle() {
        if (additions == 0) {
            return;
        }
        for (int sum = 0; sum < sums; sum++) {
            int at = sum * DIGITS;
            for (int i = at; i < at + DIGITS - 1; i++) {
                digits[i + 1] += digits[i] >> DIGIT_BITS;
                digits[i] &= DIGIT_MASK;
            }
        }
        additions = 0;
    }

    /** All sums, each rounded once. */
    double[] values() {
        return IntStream.range(0, sums).mapToDouble(this::value).toArray();
    }
}
