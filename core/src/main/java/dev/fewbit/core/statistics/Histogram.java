package dev.fewbit.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A histogram with a fixed number of bins around zero whose width is a power of two and doubles
 * when a value does not fit.
 *
 * <p>Bin i of n covers {@code [(i - n/2) w, (i - n/2 + 1) w)}. The width w is the smallest power of
 * two with which every value added so far fits, a function of the values alone; and a bin of width
 * 2w is exactly the union of two bins of width w. Hence the counts do not depend on the order of
 * adding and merging, or on how values were spread over several histograms.
 *
 * <p>Mutable, not thread-safe: give each thread its own and merge.
 */
public final class Histogram implements Distribution {

    /** Bins of a histogram made without saying how many. */
    public static final int DEFAULT_BINS = 2048;

    /** Exponent of the first width, below that of any float, so that every width is a float's. */
    private static final int SMALLEST_EXPONENT = Float.MIN_EXPONENT - 23;

    private final long[] counts;
    private int exponent = SMALLEST_EXPONENT;
    private long count;
    private float minimum = Float.POSITIVE_INFINITY;
    private float maximum = Float.NEGATIVE_INFINITY;

    /** An empty histogram of {@link #DEFAULT_BINS} bins. */
    public Histogram() {
        this(DEFAULT_BINS);
    }

    /**
     * An empty histogram.
     *
     * @param bins number of bins, even and at least 2
     */
    public Histogram(int bins) {
        if (bins < 2 || bins % 2 != 0) {
            throw new IllegalArgumentException(
                    "a histogram has an even number of bins, at least 2, got " + bins);
        }
        counts = new long[bins];
    }

    /**
     * Adds values.
     *
     * @throws IllegalArgumentException when one is NaN or infinite; then none was added
     */
    public void add(float[] values, int from, int length) {
        Objects.checkFromIndexSize(from, length, values.length);
        float low = minimum;
        float high = maximum;
        for (int i = from; i < from + length; i++) {
            float value = values[i];
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "a histogram takes finite values, got %s at index %d"
                                .formatted(value, i - from));
            }
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        if (length == 0) {
            return;
        }
        // Adding +0 turns a negative zero into a positive one, so that order cannot show.
        minimum = low + 0f;
        maximum = high + 0f;
        widen(Math.max(exponentFor(low), exponentFor(high)));
        double perWidth = Math.scalb(1.0, -exponent);
        int middle = counts.length / 2;
        for (int i = from; i < from + length; i++) {
            counts[(int) Math.floor(values[i] * perWidth) + middle]++;
        }
        count += length;
    }

    /** Adds all that the other histogram holds; it stays as it is. */
    public void merge(Histogram other) {
        if (other.counts.length != counts.length) {
            throw new IllegalArgumentException(
                    "histograms merge with as many bins as they have: %d and %d"
                            .formatted(counts.length, other.counts.length));
        }
        widen(other.exponent);
        int shift = exponent - other.exponent;
        int middle = counts.length / 2;
        for (int i = 0; i < counts.length; i++) {
            counts[merged(i - middle, shift) + middle] += other.counts[i];
        }
        count += other.count;
        minimum = Math.min(minimum, other.minimum);
        maximum = Math.max(maximum, other.maximum);
    }

    /**
     * The histogram that the values of several would have together, if those of each were
     * multiplied by a factor: what a tensor becomes when its channels are scaled, without a second
     * pass over data.
     *
     * <p>Count, minimum and maximum are exact up to rounding. The values of a bin are spread evenly
     * over it, so that a quantile is off by less than one bin of its source times the factor, and
     * one bin of the result.
     *
     * @param sources one for each channel
     * @param factors as many, finite and positive
     * @param bins number of bins of the result
     */
    public static Histogram ofRescaled(List<Histogram> sources, float[] factors, int bins) {
        if (sources.size() != factors.length) {
            throw new IllegalArgumentException(
                    "every histogram has a factor: there are %d and %d"
                            .formatted(sources.size(), factors.length));
        }
        for (float factor : factors) {
            if (!(factor > 0 && factor <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "factors are finite and positive, got " + factor);
            }
        }
        return RescaledHistograms.of(sources, factors, bins);
    }

    /** With so many values in the bins, the first of which starts at minus half of them widths. */
    static Histogram of(int exponent, long[] counts, float minimum, float maximum) {
        Histogram histogram = new Histogram(counts.length);
        System.arraycopy(counts, 0, histogram.counts, 0, counts.length);
        histogram.exponent = exponent;
        histogram.count = Arrays.stream(counts).sum();
        histogram.minimum = minimum;
        histogram.maximum = maximum;
        return histogram;
    }

    @Override
    public long count() {
        return count;
    }

    /** Always 0: zeros are not told apart from what else is in their bin. */
    @Override
    public long zeros() {
        return 0;
    }

    @Override
    public float minimum() {
        return minimum;
    }

    @Override
    public float maximum() {
        return maximum;
    }

    @Override
    public Pieces pieces() {
        Pieces.Builder builder = new Pieces.Builder(minimum, maximum);
        double width = binWidth();
        int middle = counts.length / 2;
        for (int i = 0; i < counts.length; i++) {
            builder.add((i - middle) * width, (i + 1 - middle) * width, counts[i]);
        }
        return builder.build();
    }

    /** Width of a bin, a power of two. */
    public double binWidth() {
        return Math.scalb(1.0, exponent);
    }

    /** Lower edge of the first bin. */
    public double lowerEdge() {
        int middle = counts.length / 2;
        return -binWidth() * middle;
    }

    /** Counts of all bins, ascending; a copy. */
    public long[] counts() {
        return counts.clone();
    }

    /**
     * The bins from the first to the last that holds a value, neighbours merged by doubling the
     * width until there are few enough. An empty histogram has one empty bin.
     *
     * @param most largest number of bins, at least 2: the values may lie on both sides of zero
     */
    public Bins occupied(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 bins are needed, got " + most);
        }
        int middle = counts.length / 2;
        int first = 0;
        int last = counts.length - 1;
        while (first < last && counts[first] == 0) {
            first++;
        }
        while (last > first && counts[last] == 0) {
            last--;
        }
        int shift = 0;
        while (merged(last - middle, shift) - merged(first - middle, shift) >= most) {
            shift++;
        }
        int lowest = merged(first - middle, shift);
        long[] merged = new long[merged(last - middle, shift) - lowest + 1];
        for (int i = first; i <= last; i++) {
            merged[merged(i - middle, shift) - lowest] += counts[i];
        }
        double width = Math.scalb(1.0, exponent + shift);
        return new Bins(lowest * width, width, Arrays.stream(merged).boxed().toList());
    }

    /**
     * A run of bins of one width.
     *
     * @param lowerEdge lower edge of the first
     * @param width width of each
     * @param counts how many values each holds
     */
    public record Bins(double lowerEdge, double width, List<Long> counts) {
        /** Copies the counts. */
        public Bins {
            counts = List.copyOf(counts);
        }
    }

    /** Smallest exponent of a width with which the value has a bin. */
    private int exponentFor(float value) {
        if (value == 0) {
            return SMALLEST_EXPONENT;
        }
        int middle = counts.length / 2;
        int candidate =
                Math.max(
                        SMALLEST_EXPONENT,
                        Math.getExponent((double) value)
                                - 31
                                + Integer.numberOfLeadingZeros(middle));
        while (!fits(value, candidate, middle)) {
            candidate++;
        }
        return candidate;
    }

    private static boolean fits(float value, int exponent, int middle) {
        double bin = Math.floor(Math.scalb((double) value, -exponent));
        return bin >= -middle && bin < middle;
    }

    private void widen(int wider) {
        if (wider <= exponent) {
            return;
        }
        int shift = wider - exponent;
        int middle = counts.length / 2;
        long[] old = counts.clone();
        Arrays.fill(counts, 0);
        for (int i = 0; i < old.length; i++) {
            counts[merged(i - middle, shift) + middle] += old[i];
        }
        exponent = wider;
    }

    /** Bin that a bin becomes a part of after some doublings; an arithmetic shift rounds down. */
    private static int merged(int bin, int doublings) {
        return bin >> Math.min(doublings, Integer.SIZE - 1);
    }
}
