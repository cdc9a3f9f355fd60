package dev.fewbit.core.kernel;

import dev.fewbit.core.format.Affine;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector shapes and the steps that the vector kernels share.
 *
 * <p>Rounding: for |t| up to 2^22 the float sum {@code t + 1.5 * 2^23} has a last place of 1, so
 * that the processor's own rounding of the sum is the rounding half to even of t, and its bits are
 * the integer plus a constant. The bits of larger sums are in order too, infinities included, so
 * that clamping those bits as integers saturates any t.
 */
final class VectorShapes {

    /** 1.5 * 2^23. */
    static final float ROUNDING = 0x1.8p23f;

    static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    /** What the JVM prefers, with 4 to {@link AffineKernels#LANES} floats. */
    static final VectorSpecies<Float> FLOATS = species(FloatVector.SPECIES_PREFERRED);

    static final int WIDTH = FLOATS.length();

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    static final VectorSpecies<Double> DOUBLES =
            VectorSpecies.of(double.class, FLOATS.vectorShape());

    /** As many bytes as there are floats, or 64 bits, the least there is. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class,
                    VectorShape.forBitSize(Math.max(Long.SIZE, FLOATS.length() * Byte.SIZE)));

    /** Whether {@link #BYTES} has one lane for each float; 128-bit vectors are too narrow. */
    static final boolean BYTES_MATCH = BYTES.length() == WIDTH;

    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.length() * Short.SIZE));

    private VectorShapes() {}

    private static VectorSpecies<Float> species(VectorSpecies<Float> preferred) {
        if (preferred.length() > AffineKernels.LANES) {
            return FloatVector.SPECIES_512;
        }
        return preferred.vectorBitSize() < 128 ? FloatVector.SPECIES_128 : preferred;
    }

    /** Rounding bits of the lowest step from the zero point. */
    static int lowest(Affine format, int zeroPoint) {
        return ROUNDING_BITS + format.qmin() - zeroPoint;
    }

    /** Rounding bits of the highest step from the zero point. */
    static int highest(Affine format, int zeroPoint) {
        return ROUNDING_BITS + format.qmax() - zeroPoint;
    }

    /** {@link #lowest(Affine, int)} of every lane. */
    static IntVector lowest(Affine format, IntVector zeroPoints) {
        return zeroPoints.neg().add(ROUNDING_BITS + format.qmin());
    }

    /** {@link #highest(Affine, int)} of every lane. */
    static IntVector highest(Affine format, IntVector zeroPoints) {
        return zeroPoints.neg().add(ROUNDING_BITS + format.qmax());
    }

    /** Rounding bits of the saturated steps from the zero point. */
    static IntVector roundingBits(FloatVector steps, IntVector lowest, IntVector highest) {
        return steps.add(ROUNDING)
                .reinterpretAsInts()
                .lanewise(VectorOperators.MAX, lowest)
                .lanewise(VectorOperators.MIN, highest);
    }

    /** Saturated steps from the zero point, as floats. */
    static FloatVector rounded(FloatVector steps, IntVector lowest, IntVector highest) {
        return roundingBits(steps, lowest, highest).reinterpretAsFloats().sub(ROUNDING);
    }

    /** Adds a vector of partial sums to as many doubles. */
    static void addTo(double[] sums, int at, FloatVector partial) {
        int half = DOUBLES.length();
        DoubleVector low = (DoubleVector) partial.convert(VectorOperators.F2D, 0);
        DoubleVector high = (DoubleVector) partial.convert(VectorOperators.F2D, 1);
        DoubleVector.fromArray(DOUBLES, sums, at).add(low).intoArray(sums, at);
        DoubleVector.fromArray(DOUBLES, sums, at + half).add(high).intoArray(sums, at + half);
    }

    /** Stores the low byte of every lane. */
    static void store(IntVector codes, byte[] into, int at) {
        if (BYTES_MATCH) {
            ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(into, at);
        } else {
            for (int lane = 0; lane < WIDTH; lane++) {
                into[at + lane] = (byte) codes.lane(lane);
            }
        }
    }

    /** Stores the low 16 bits of every lane. */
    static void store(IntVector codes, short[] into, int at) {
        ((ShortVector) codes.convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(into, at);
    }

    /** Lanes that are below {@code end} when the first is {@code index}. */
    static VectorMask<Float> below(int index, int end) {
        return FLOATS.indexInRange(index, end);
    }
}
