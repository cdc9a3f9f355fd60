package dev.fewbit.core.statistics;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Range, sum and, if wanted, a small histogram of every channel of a tensor. Part of {@link
 * TensorStatistics}, which fill it and say what does not depend on order.
 */
public final class ChannelStatistics {

    /** Most channels that can be told apart: more than any vocabulary has. */
    public static final int MOST_CHANNELS = 1 << 20;

    /** Most channels with histograms, which need 1 KiB each. */
    public static final int MOST_HISTOGRAMS = 1 << 17;

    /** Shorter runs are counted whole. */
    private static final int LEAST_THINNED = 32;

    private final int channels;
    private final int[] lowest;
    private final int[] highest;
    private final long[] notFinite;
    private final ExactSums sums;
    private final @Nullable ChannelHistograms histograms;
    private final ChannelRow row;
    private long perChannel;

    /** {@link SortableBits} of the smallest and the largest value of the run in work. */
    private int runLowest;

    private int runHighest;

    ChannelStatistics(int channels, boolean withHistograms) {
        int most = withHistograms ? MOST_HISTOGRAMS : MOST_CHANNELS;
        if (channels < 1 || channels > most) {
            throw new IllegalArgumentException(
                    "statistics%s tell 1 to %d channels apart, got %d"
                            .formatted(withHistograms ? " with histograms" : "", most, channels));
        }
        this.channels = channels;
        lowest = new int[channels];
        highest = new int[channels];
        Arrays.fill(lowest, Integer.MAX_VALUE);
        Arrays.fill(highest, Integer.MIN_VALUE);
        notFinite = new long[channels];
        sums = new ExactSums(channels);
        row = new ChannelRow(channels);
        histograms = withHistograms ? new ChannelHistograms(channels) : null;
    }

    /** Number of channels. */
    public int channels() {
        return channels;
    }

    /** How many finite values a channel has. */
    public long count(int channel) {
        return perChannel - notFinite[channel];
    }

    /** Smallest value of a channel; positive infinity when there is none. */
    public float minimum(int channel) {
        return count(channel) == 0 ? Float.POSITIVE_INFINITY : SortableBits.value(lowest[channel]);
    }

    /** Largest value of a channel; negative infinity when there is none. */
    public float maximum(int channel) {
        return count(channel) == 0 ? Float.NEGATIVE_INFINITY : SortableBits.value(highest[channel]);
    }

    /** Largest magnitude of a channel; 0 when there is no value. */
    public float magnitude(int channel) {
        return count(channel) == 0
                ? 0
                : Math.max(Math.abs(minimum(channel)), Math.abs(maximum(channel)));
    }

    /** {@link #magnitude} of all channels. */
    public float[] magnitudes() {
        float[] magnitudes = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            magnitudes[channel] = magnitude(channel);
        }
        return magnitudes;
    }

    /** Sum of the values of a channel. */
    public double sum(int channel) {
        return sums.value(channel);
    }

    /** Mean of the values of every channel; NaN for those without values. */
    public double[] means() {
        double[] means = sums.values();
        for (int channel = 0; channel < channels; channel++) {
            means[channel] /= count(channel);
        }
        return means;
    }

    /** Whether there are {@link #histograms()}. */
    public boolean hasHistograms() {
        return histograms != null;
    }

    /**
     * A histogram of 256 bins of every channel, with widths of at least 2^-126; copies.
     *
     * @throws IllegalStateException when only ranges were kept
     */
    public List<Histogram> histograms() {
        ChannelHistograms kept = histograms;
        if (kept == null) {
            throw new IllegalStateException(
                    "only ranges of channels were kept; ask for "
                            + ChannelDetail.HISTOGRAMS
                            + " when calibrating");
        }
        return IntStream.range(0, channels)
                .mapToObj(
                        channel ->
                                Histogram.of(
                                        kept.exponent(channel),
                                        kept.counts(channel),
                                        minimum(channel),
                                        maximum(channel)))
                .toList();
    }

    /**
     * Adds a block.
     *
     * @param position how many values of the tensor came before
     * @param inner how many adjacent values are of the same channel
     * @param partial sums of the tensor, to be added to
     * @param step how many values of a channel's run one stands for in its histogram
     */
    void add(ValueBlock block, long position, int inner, double[] partial, int step) {
        if (!block.allFinite()) {
            addFiniteOnly(block, position, inner, partial);
            return;
        }
        block.makeValues();
        int channel = channelAt(position, inner);
        if (inner == 1) {
            for (int at = 0; at < block.length; channel = 0) {
                int length = Math.min(channels - channel, block.length - at);
                addRow(block, at, channel, channel + length, partial);
                at += length;
            }
            return;
        }
        int rest = (int) (inner - position % inner);
        for (int at = 0; at < block.length; rest = inner) {
            int length = Math.min(rest, block.length - at);
            addRun(block, at, length, channel, partial);
            if (histograms != null) {
                addToHistogram(block, at, length, channel, position + at, step);
            }
            at += length;
            channel = channel + 1 == channels ? 0 : channel + 1;
        }
    }

    private void addRow(ValueBlock block, int from, int channel, int end, double[] partial) {
        row.load(block, from, channel, end - channel);
        rowRange(row.bits, lowest, highest, channel, end);
        for (int i = channel; i < end; i++) {
            partial[i] += row.values[i];
        }
        if (histograms != null) {
            histograms.addRow(row, channel, end);
        }
    }

    private void addRun(ValueBlock block, int from, int length, int channel, double[] partial) {
        runRange(block.bits, from, length);
        lowest[channel] = Math.min(lowest[channel], runLowest);
        highest[channel] = Math.max(highest[channel], runHighest);
        partial[channel] += RunSums.sum(block.values, from, length, block.lanes);
    }

    /** Counts the run that was added last. */
    private void addToHistogram(
            ValueBlock block, int from, int length, int channel, long position, int step) {
        ChannelHistograms into = Objects.requireNonNull(histograms);
        into.fit(runLowest, runHighest, channel);
        if (step == 1 || length < LEAST_THINNED) {
            into.addRun(block, block.bits, from, length, channel);
        } else {
            int kept = block.thin(from, length, step, position, runLowest, runHighest);
            into.addThinned(block, kept, length / step, step, channel);
        }
    }

    /** Adds what is finite of a block, value by value. */
    private void addFiniteOnly(ValueBlock block, long position, int inner, double[] partial) {
        block.makeValues();
        for (int i = 0; i < block.length; i++) {
            int channel = channelAt(position + i, inner);
            if (!ValueBlock.isFinite(block.bits[i])) {
                notFinite[channel]++;
                continue;
            }
            addRun(block, i, 1, channel, partial);
            if (histograms != null) {
                addToHistogram(block, i, 1, channel, position + i, 1);
            }
        }
    }

    private int channelAt(long position, int inner) {
        return (int) (position / inner % channels);
    }

    private static void rowRange(int[] bits, int[] lowest, int[] highest, int from, int end) {
        for (int i = from; i < end; i++) {
            int key = SortableBits.of(bits[i]);
            lowest[i] = Math.min(lowest[i], key);
            highest[i] = Math.max(highest[i], key);
        }
    }

    private void runRange(int[] bits, int from, int length) {
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int i = from; i < from + length; i++) {
            int key = SortableBits.of(bits[i]);
            low = Math.min(low, key);
            high = Math.max(high, key);
        }
        runLowest = low;
        runHighest = high;
    }

    /** Ends a tensor: takes over its sums. */
    void addTensor(double[] partial, long valuesPerChannel) {
        sums.addAll(partial);
        perChannel = Math.addExact(perChannel, valuesPerChannel);
    }

    void merge(ChannelStatistics other) {
        if (other.channels != channels) {
            throw new IllegalArgumentException(
                    "statistics of as many channels merge: %d and %d"
                            .formatted(channels, other.channels));
        }
        for (int channel = 0; channel < channels; channel++) {
            lowest[channel] = Math.min(lowest[channel], other.lowest[channel]);
            highest[channel] = Math.max(highest[channel], other.highest[channel]);
            notFinite[channel] += other.notFinite[channel];
        }
        sums.merge(other.sums);
        perChannel = Math.addExact(perChannel, other.perChannel);
        if (histograms != null && other.histograms != null) {
            histograms.merge(other.histograms);
        }
    }

    ExactSums sums() {
        return sums;
    }

    @Nullable ChannelHistograms channelHistograms() {
        return histograms;
    }

    long perChannel() {
        return perChannel;
    }

    long notFinite(int channel) {
        return notFinite[channel];
    }

    void setPerChannel(long values) {
        perChannel = values;
    }

    void setChannel(int channel, long left, float minimum, float maximum) {
        notFinite[channel] = left;
        if (perChannel > left) {
            lowest[channel] = SortableBits.of(Float.floatToRawIntBits(minimum));
            highest[channel] = SortableBits.of(Float.floatToRawIntBits(maximum));
        }
    }
}
