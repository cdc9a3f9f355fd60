package dev.fewbit.core.quantize;

import dev.fewbit.core.level.LevelMapping;
import dev.fewbit.core.statistics.ErrorStatistics;

/**
 * What {@link LevelBandQuantizer} makes of a band: codes not yet packed, scales, and what it cost.
 *
 * <p>The arrays belong to this object, grow as needed, are overwritten by the next band and are
 * meaningful up to {@link #values()} and {@link #groups()} elements. Use one for each thread.
 */
public final class LevelBand {

    private byte[] codes = {};
    private float[] scales = {};
    private int values;
    private int groups;
    private float minimum;
    private float maximum;
    private ErrorStatistics error = ErrorStatistics.NONE;

    /** An empty band. */
    public LevelBand() {}

    /** Number of codes. */
    public int values() {
        return values;
    }

    /** Number of groups. */
    public int groups() {
        return groups;
    }

    /** Codes, one a byte, those above 127 included, in the order of the band without gaps. */
    public byte[] codes() {
        return codes;
    }

    /** Scale of each group; 1 where tables have no scales. */
    public float[] scales() {
        return scales;
    }

    /** Smallest value of the band; positive infinity when it is empty. */
    public float minimum() {
        return minimum;
    }

    /** Largest value of the band; negative infinity when it is empty. */
    public float maximum() {
        return maximum;
    }

    /** What quantizing the band cost. */
    public ErrorStatistics error() {
        return error;
    }

    void resize(int newValues, int newGroups) {
        values = newValues;
        groups = newGroups;
        codes = codes.length < newValues ? new byte[newValues] : codes;
        scales = scales.length < newGroups ? new float[newGroups] : scales;
        minimum = Float.POSITIVE_INFINITY;
        maximum = Float.NEGATIVE_INFINITY;
        error = ErrorStatistics.NONE;
    }

    /**
     * Takes notice of the range of some values.
     *
     * @param before distance of the first from the first of the band
     * @throws NonFiniteValueException when one is NaN or infinite
     */
    void range(float[] of, int from, int count, int before) {
        float low = minimum;
        float high = maximum;
        for (int i = from; i < from + count; i++) {
            if (!Float.isFinite(of[i])) {
                throw new NonFiniteValueException(before + (long) i - from, of[i]);
            }
            low = Math.min(low, of[i]);
            high = Math.max(high, of[i]);
        }
        minimum = low;
        maximum = high;
    }

    /** Adds what it cost to give the codes to some evenly spaced values. */
    void measure(
            float[] of,
            int from,
            int count,
            int stride,
            LevelMapping mapping,
            int at,
            int codeStride) {
        double errorSquares = 0;
        double originalSquares = 0;
        double products = 0;
        double quantizedSquares = 0;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            double x = of[from + i * stride];
            double y = mapping.dequantize(codes[at + i * codeStride] & 0xFF);
            double e = x - y;
            errorSquares += e * e;
            originalSquares += x * x;
            products += x * y;
            quantizedSquares += y * y;
            largest = Math.max(largest, Math.abs(e));
        }
        error =
                error.merge(
                        new ErrorStatistics(
                                count,
                                errorSquares,
                                originalSquares,
                                products,
                                quantizedSquares,
                                largest));
    }
}
