package dev.fewbit.core.statistics;

import org.jspecify.annotations.Nullable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * What calibration knows of one value of a network: how all of its elements over all samples are
 * distributed and, if wanted, the same of each channel. Memory does not grow with the number of
 * samples.
 *
 * <p>NaN and infinite values are counted and otherwise left out: masks contain -infinity. Huge
 * finite values are kept and do no harm, see {@link OctaveHistogram#mask()}.
 *
 * <p>Nothing depends on the order of adding and merging, nor on which statistics a tensor was added
 * to before they were merged: counts and ranges are functions of the values, and sums of channels
 * are made in two steps. Within one call of an {@code addChannels} they are doubles, in an order
 * that the shape defines; these are added to an exact number. Hence the sums may change by the
 * rounding of doubles when the same values come in other batches, and by nothing else. Mean and
 * mean square of the whole tensor follow from the counts ({@link OctaveHistogram#mean}).
 *
 * <p>Mutable, not thread-safe: give each thread its own and merge.
 */
public final class TensorStatistics {

    private static final double[] NO_SUMS = {};

    private final ChannelDetail detail;
    private final OctaveHistogram distribution;
    private @Nullable ChannelStatistics channels;
    private long notFinite;

    /** Empty statistics of tensors as a whole. */
    public TensorStatistics() {
        this(ChannelDetail.NONE);
    }

    /**
     * Empty statistics.
     *
     * @param detail what to keep of channels; the first tensor says how many there are
     */
    public TensorStatistics(ChannelDetail detail) {
        this(detail, new OctaveHistogram(), null, 0);
    }

    TensorStatistics(
            ChannelDetail detail,
            OctaveHistogram distribution,
            @Nullable ChannelStatistics channels,
            long notFinite) {
        this.detail = detail;
        this.distribution = distribution;
        this.channels = channels;
        this.notFinite = notFinite;
    }

    /**
     * Adds values.
     *
     * @throws IllegalStateException when channels are wanted, too
     */
    public void add(float[] values, int from, int length) {
        requireNoChannels();
        addBlocks(ValueSource.of(values, from, length), null, NO_SUMS, 1, 1);
    }

    /**
     * Adds the remaining values of a buffer, whose position stays.
     *
     * @throws IllegalStateException when channels are wanted, too
     */
    public void add(FloatBuffer values) {
        add(values, 1);
    }

    /**
     * Adds the remaining values of a buffer, whose position stays, and looks at one in {@code step}
     * to see how they are distributed; see {@link #addChannels(FloatBuffer, int, int, int, int)}.
     *
     * @throws IllegalStateException when channels are wanted, too
     */
    public void add(FloatBuffer values, int step) {
        requireNoChannels();
        requireStep(step);
        addBlocks(ValueSource.of(values), null, NO_SUMS, 1, step);
    }

    /**
     * Adds a tensor {@code [outer, channels, inner]}, row-major.
     *
     * @throws IllegalArgumentException when the number of channels is another one than before
     */
    public void addChannels(float[] values, int from, int outer, int channels, int inner) {
        int length = length(outer, channels, inner);
        addTensor(ValueSource.of(values, from, length), outer, channels, inner, 1);
    }

    /**
     * Adds a tensor {@code [outer, channels, inner]}, row-major: all remaining values of a buffer,
     * whose position stays.
     *
     * @throws IllegalArgumentException when the number of channels is another one than before, or
     *     the buffer has more or fewer values
     */
    public void addChannels(FloatBuffer values, int outer, int channels, int inner) {
        addChannels(values, outer, channels, inner, 1);
    }

    /**
     * The same, looking at one value in {@code step} to see how they are distributed, which stands
     * for all of these. Neighbours in a picture are much alike, so that of large tensors little
     * more is learnt from all values, and counting them is what takes time.
     *
     * <p>Ranges, sums and the number of values remain those of all values. The smallest and the
     * largest of each block or run are counted for themselves; which others are looked at follows
     * from their places. Histograms of channels with few adjacent values take all.
     *
     * @param step 1, 4, 8 or 16
     */
    public void addChannels(FloatBuffer values, int outer, int channels, int inner, int step) {
        requireStep(step);
        int length = length(outer, channels, inner);
        if (values.remaining() != length) {
            throw new IllegalArgumentException(
                    "a tensor of %d x %d channels x %d has %d values, the buffer has %d"
                            .formatted(outer, channels, inner, length, values.remaining()));
        }
        addTensor(ValueSource.of(values), outer, channels, inner, step);
    }

    private static int length(int outer, int channels, int inner) {
        if (outer < 0 || channels < 1 || inner < 0) {
            throw new IllegalArgumentException(
                    "channels are given as outer >= 0, channels >= 1 and inner >= 0, got %d, %d, %d"
                            .formatted(outer, channels, inner));
        }
        return Math.multiplyExact(Math.multiplyExact(outer, channels), inner);
    }

    private void requireNoChannels() {
        if (detail != ChannelDetail.NONE) {
            throw new IllegalStateException(
                    "these statistics want %s of channels; use addChannels".formatted(detail));
        }
    }

    private static void requireStep(int step) {
        if (step != 1
                && (Integer.bitCount(step) != 1
                        || step < ValueBlock.LEAST_STEP
                        || step > ValueBlock.MOST_STEP)) {
            throw new IllegalArgumentException("a step is 1, 4, 8 or 16, got " + step);
        }
    }

    private void addTensor(ValueSource source, int outer, int wanted, int inner, int step) {
        if (detail == ChannelDetail.NONE) {
            addBlocks(source, null, NO_SUMS, 1, step);
            return;
        }
        ChannelStatistics present = channels;
        if (present == null) {
            present = new ChannelStatistics(wanted, detail == ChannelDetail.HISTOGRAMS);
            channels = present;
        } else if (present.channels() != wanted) {
            throw new IllegalArgumentException(
                    "all tensors have as many channels as the first, %d, got %d"
                            .formatted(present.channels(), wanted));
        }
        double[] partial = new double[wanted];
        addBlocks(source, present, partial, inner, step);
        present.addTensor(partial, (long) outer * inner);
    }

    private void addBlocks(
            ValueSource source,
            @Nullable ChannelStatistics into,
            double[] partial,
            int inner,
            int step) {
        ValueBlock block = ValueBlock.ofThread();
        int length = source.length();
        for (int at = 0; at < length; at += ValueBlock.SIZE) {
            source.load(at, Math.min(ValueBlock.SIZE, length - at), block);
            if (into != null) {
                into.add(block, at, inner, partial, step);
            }
            if (!block.allFinite()) {
                notFinite += block.keepFinite();
            }
            if (step == 1) {
                distribution.add(block);
            } else {
                distribution.addThinned(block, step, at);
            }
        }
    }

    /**
     * Adds all that the other statistics hold; they stay as they are.
     *
     * @throws IllegalArgumentException when they keep other details or other channels
     */
    public void merge(TensorStatistics other) {
        if (other.detail != detail) {
            throw new IllegalArgumentException(
                    "statistics of the same detail merge: %s and %s"
                            .formatted(detail, other.detail));
        }
        ChannelStatistics more = other.channels;
        if (more != null) {
            ChannelStatistics present = channels;
            if (present == null) {
                present = new ChannelStatistics(more.channels(), more.hasHistograms());
                channels = present;
            }
            present.merge(more);
        }
        distribution.merge(other.distribution);
        notFinite = Math.addExact(notFinite, other.notFinite);
    }

    /**
     * Statistics of the same values, each cut to a range, without channels: exactly what they would
     * be of the output of a ReLU or a clip, if all values were counted.
     *
     * @param low lower limit, may be negative infinity
     * @param high upper limit, may be infinity
     * @throws IllegalStateException when values were left out, of which it is not known whether
     *     they are NaN or infinite
     */
    public TensorStatistics clamped(float low, float high) {
        if (notFinite > 0) {
            throw new IllegalStateException(
                    notFinite
                            + " values are NaN or infinite: what a limit makes of them is unknown");
        }
        return new TensorStatistics(ChannelDetail.NONE, distribution.clamped(low, high), null, 0);
    }

    /** What is kept of channels. */
    public ChannelDetail detail() {
        return detail;
    }

    /** How all finite values are distributed; not a copy. */
    public OctaveHistogram distribution() {
        return distribution;
    }

    /** The channels, if they are kept and a tensor was added; not a copy. */
    public Optional<ChannelStatistics> channels() {
        return Optional.ofNullable(channels);
    }

    /** Number of finite values. */
    public long count() {
        return distribution.count();
    }

    /** Number of NaN and infinite values, which are in no other figure. */
    public long notFinite() {
        return notFinite;
    }

    /** Smallest finite value; positive infinity when there is none. */
    public float minimum() {
        return distribution.minimum();
    }

    /** Largest finite value; negative infinity when there is none. */
    public float maximum() {
        return distribution.maximum();
    }

    /** Writes all that is known in a form of this class, which is not padded or compressed. */
    public void write(DataOutput output) throws IOException {
        StatisticsWriter.write(this, output);
    }

    /**
     * Reads what {@link #write} wrote, checking it: statistics that were read are such as could
     * have been made by adding values. Memory is bounded by what is read.
     *
     * @throws java.io.StreamCorruptedException when the bytes are no statistics, saying why
     */
    public static TensorStatistics read(DataInput input) throws IOException {
        return StatisticsReader.read(input);
    }
}
