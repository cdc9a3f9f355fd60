package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.ErrorSums;
import dev.fewbit.core.statistics.ErrorStatistics;

import org.jspecify.annotations.Nullable;

/**
 * What {@link BandQuantizer} makes of a band: codes not yet packed, parameters, and what it cost.
 *
 * <p>The arrays belong to this object, grow as needed, are overwritten by the next band and are
 * meaningful up to {@link #values()} and {@link #groups()} elements. Use one for each thread.
 */
public final class QuantizedBand {

    private final Affine format;
    private byte[] codes = {};
    private short[] wideCodes = {};
    private float[] scales = {};
    private int[] zeroPoints = {};
    private float[] minima = {};
    private float[] maxima = {};
    private int values;
    private int groups;
    private final ErrorSums sums = new ErrorSums();
    private @Nullable BandSearch search;
    private float @Nullable [] smallestScales;
    private int firstSmallest;
    private float @Nullable [] knownScales;
    private int @Nullable [] knownZeroPoints;
    private int firstKnown;

    /** An empty band of codes of this format. */
    public QuantizedBand(Affine format) {
        this.format = format;
    }

    /** The codes' format. */
    public Affine format() {
        return format;
    }

    /** Number of codes. */
    public int values() {
        return values;
    }

    /** Number of groups. */
    public int groups() {
        return groups;
    }

    /**
     * Codes of 1 to 8 bits, one a byte, unsigned ones above 127 included, in the order of the band
     * without gaps.
     *
     * @throws IllegalStateException when codes have more than 8 bits
     */
    public byte[] codes() {
        if (wide()) {
            throw new IllegalStateException(
                    "codes of %s do not fit bytes; use wideCodes()".formatted(format.label()));
        }
        return codes;
    }

    /**
     * Codes of 9 to 16 bits, one a short, unsigned ones above 32767 included.
     *
     * @throws IllegalStateException when codes have at most 8 bits
     */
    public short[] wideCodes() {
        if (!wide()) {
            throw new IllegalStateException(
                    "codes of %s are bytes; use codes()".formatted(format.label()));
        }
        return wideCodes;
    }

    /** Scale of each group. */
    public float[] scales() {
        return scales;
    }

    /** Zero point of each group. */
    public int[] zeroPoints() {
        return zeroPoints;
    }

    /**
     * Copies the zero points as codes of 1 to 8 bits, one a byte, ready for packing.
     *
     * @param into receives {@link #groups()} bytes
     * @param at index of the first
     */
    public void copyZeroPoints(byte[] into, int at) {
        for (int i = 0; i < groups; i++) {
            into[at + i] = (byte) zeroPoints[i];
        }
    }

    /** Smallest value of the band; positive infinity when it is empty. */
    public float minimum() {
        float minimum = Float.POSITIVE_INFINITY;
        for (int i = 0; i < groups; i++) {
            minimum = Math.min(minimum, minima[i]);
        }
        return minimum;
    }

    /** Largest value of the band; negative infinity when it is empty. */
    public float maximum() {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < groups; i++) {
            maximum = Math.max(maximum, maxima[i]);
        }
        return maximum;
    }

    /** What quantizing the band cost. */
    public ErrorStatistics error() {
        return sums.toStatistics();
    }

    /**
     * Lets no group of the bands to come have a smaller scale than this, whatever its values are;
     * for symmetric formats, whose zero point does not depend on the scale.
     *
     * @param smallest a scale for each group of a tensor; null for no bound
     * @param first which of them is for the first group of the next band
     */
    public void setSmallestScales(float @Nullable [] smallest, int first) {
        if (smallest != null && !format.symmetric()) {
            throw new IllegalArgumentException(
                    "scales are bounded from below in symmetric formats only, not in "
                            + format.label());
        }
        smallestScales = smallest;
        firstSmallest = first;
    }

    /**
     * Gives the groups of the bands to come these parameters instead of searching for them.
     *
     * @param scalesOfAll a scale for each group of a tensor; null to search again
     * @param zeroPointsOfAll as many zero points; null with the scales
     * @param first which of them is for the first group of the next band
     */
    public void setKnownParameters(
            float @Nullable [] scalesOfAll, int @Nullable [] zeroPointsOfAll, int first) {
        if ((scalesOfAll == null) != (zeroPointsOfAll == null)) {
            throw new IllegalArgumentException("scales are known together with zero points");
        }
        knownScales = scalesOfAll;
        knownZeroPoints = zeroPointsOfAll;
        firstKnown = first;
    }

    /** Takes the known parameters of all groups of the band over; false if there are none. */
    boolean takeKnownParameters() {
        float[] knownScale = knownScales;
        int[] knownZeroPoint = knownZeroPoints;
        if (knownScale == null || knownZeroPoint == null) {
            return false;
        }
        System.arraycopy(knownScale, firstKnown, scales, 0, groups);
        System.arraycopy(knownZeroPoint, firstKnown, zeroPoints, 0, groups);
        return true;
    }

    /** Whether all values of a group are zero, so that its scale means nothing. */
    public boolean isZero(int group) {
        return minima[group] == 0 && maxima[group] == 0;
    }

    /** Raises the scales of groups from one index on to the bounds that were set. */
    void raiseScales(int group, int count) {
        float[] smallest = smallestScales;
        if (smallest != null) {
            for (int g = group; g < group + count; g++) {
                scales[g] = Math.max(scales[g], smallest[firstSmallest + g]);
            }
        }
    }

    boolean wide() {
        return format.bits() > Byte.SIZE;
    }

    void resize(int newValues, int newGroups) {
        values = newValues;
        groups = newGroups;
        if (wide()) {
            wideCodes = wideCodes.length < newValues ? new short[newValues] : wideCodes;
        } else {
            codes = codes.length < newValues ? new byte[newValues] : codes;
        }
        if (scales.length < newGroups) {
            scales = new float[newGroups];
            zeroPoints = new int[newGroups];
            minima = new float[newGroups];
            maxima = new float[newGroups];
        }
        sums.clear();
    }

    float[] minima() {
        return minima;
    }

    float[] maxima() {
        return maxima;
    }

    ErrorSums sums() {
        return sums;
    }

    void setParameters(int group, AffineParameters parameters) {
        scales[group] = parameters.scale();
        zeroPoints[group] = parameters.zeroPoint();
    }

    /** Scratch space of the quantizer that this band was last used with, if it needed any. */
    @Nullable BandSearch search() {
        return search;
    }

    void setSearch(BandSearch newSearch) {
        search = newSearch;
    }
}
