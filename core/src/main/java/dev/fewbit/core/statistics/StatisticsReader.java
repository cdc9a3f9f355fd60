package dev.fewbit.core.statistics;

import java.io.DataInput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads what {@link StatisticsWriter} wrote and checks every field. */
final class StatisticsReader {

    /** Biased exponents of normal numbers are 1 to 254. */
    private static final int LAST_EXPONENT = 254;

    private final DataInput input;

    private StatisticsReader(DataInput input) {
        this.input = input;
    }

    static TensorStatistics read(DataInput input) throws IOException {
        return new StatisticsReader(input).read();
    }

    private TensorStatistics read() throws IOException {
        int version = input.readUnsignedByte();
        require(
                version == StatisticsWriter.VERSION,
                () ->
                        "version %d is expected, got %d; calibrate again"
                                .formatted(StatisticsWriter.VERSION, version));
        ChannelDetail detail = detail(input.readUnsignedByte());
        long notFinite = number("notFinite", Long.MAX_VALUE);
        OctaveHistogram distribution = distribution();
        int most =
                detail == ChannelDetail.HISTOGRAMS
                        ? ChannelStatistics.MOST_HISTOGRAMS
                        : ChannelStatistics.MOST_CHANNELS;
        int count = (int) number("channels", detail == ChannelDetail.NONE ? 0 : most);
        if (count == 0) {
            require(
                    detail == ChannelDetail.NONE || (distribution.count() | notFinite) == 0,
                    () -> "there are values but no channels");
            return new TensorStatistics(detail, distribution, null, notFinite);
        }
        ChannelStatistics channels = channels(count, detail == ChannelDetail.HISTOGRAMS);
        long left = 0;
        for (int channel = 0; channel < count; channel++) {
            left = sum(left, channels.notFinite(channel));
        }
        require(
                left == notFinite
                        && BigInteger.valueOf(channels.perChannel())
                                .multiply(BigInteger.valueOf(count))
                                .equals(
                                        BigInteger.valueOf(distribution.count())
                                                .add(BigInteger.valueOf(notFinite))),
                () ->
                        "%d finite and %d other values are not those of %d channels of %d values"
                                .formatted(
                                        distribution.count(),
                                        notFinite,
                                        count,
                                        channels.perChannel()));
        return new TensorStatistics(detail, distribution, channels, notFinite);
    }

    private static ChannelDetail detail(int code) throws StreamCorruptedException {
        for (ChannelDetail detail : ChannelDetail.values()) {
            if (detail.code == code) {
                return detail;
            }
        }
        throw new StreamCorruptedException("statistics: unknown detail " + code);
    }

    private OctaveHistogram distribution() throws IOException {
        OctaveHistogram histogram = new OctaveHistogram();
        long count = number("count", Long.MAX_VALUE);
        if (count == 0) {
            return histogram;
        }
        float minimum = input.readFloat();
        float maximum = input.readFloat();
        requireRange(minimum, maximum);
        long zeros = number("zeros", count);
        histogram.addZeros(zeros);
        int first = (int) number("first octave", LAST_EXPONENT);
        int octaves = (int) number("octaves", LAST_EXPONENT + 1L - first);
        require(first > 0 || octaves == 0, () -> "octaves start at 1, got %d".formatted(first));
        int negative = input.readUnsignedByte();
        require(negative <= 1, () -> "negative is 0 or 1, got %d".formatted(negative));
        histogram.window().cover(first, first + octaves, negative == 1);
        for (int sign = 0; sign <= negative; sign++) {
            long[] bins = run(octaves * OctaveWindow.BINS, count);
            require(
                    total(bins) <= count - histogram.count(),
                    () -> "there are more values in bins than %d".formatted(count));
            histogram.addBins(sign == 1, first, bins);
        }
        require(
                histogram.window().isTight(),
                () -> "the first and the last of %d octaves hold values".formatted(octaves));
        require(
                histogram.count() == count,
                () -> "%d values are expected in bins, got %d".formatted(count, histogram.count()));
        require(
                sameBin(minimum, histogram.minimum()) && sameBin(maximum, histogram.maximum()),
                () -> "the range [%s, %s] is not that of the bins".formatted(minimum, maximum));
        histogram.setRange(minimum, maximum);
        return histogram;
    }

    /** The sum of counts. */
    private static long total(long[] counts) throws StreamCorruptedException {
        long total = 0;
        for (long each : counts) {
            total = sum(total, each);
        }
        return total;
    }

    private static boolean sameBin(float value, float end) {
        return Float.floatToRawIntBits(value) >> OctaveWindow.SHIFT
                == Float.floatToRawIntBits(end) >> OctaveWindow.SHIFT;
    }

    /** One channel as read. Lists of these grow with the input, so a false number costs nothing. */
    private static final class Channel {
        final long notFinite;
        final BigInteger sum;
        float minimum;
        float maximum;
        int exponent;
        long[] bins = {};

        Channel(long notFinite, BigInteger sum) {
            this.notFinite = notFinite;
            this.sum = sum;
        }
    }

    private ChannelStatistics channels(int count, boolean histograms) throws IOException {
        long perChannel = number("values of a channel", Long.MAX_VALUE);
        List<Channel> read = new ArrayList<>();
        for (int channel = 0; channel < count; channel++) {
            read.add(channel(perChannel, histograms));
        }
        ChannelStatistics channels = new ChannelStatistics(count, histograms);
        channels.setPerChannel(perChannel);
        ChannelHistograms into = channels.channelHistograms();
        for (int channel = 0; channel < count; channel++) {
            Channel from = read.get(channel);
            channels.setChannel(channel, from.notFinite, from.minimum, from.maximum);
            channels.sums().set(channel, from.sum);
            if (into != null) {
                into.set(channel, from.exponent, from.bins);
            }
        }
        return channels;
    }

    private Channel channel(long perChannel, boolean histogram) throws IOException {
        long notFinite = number("notFinite of a channel", perChannel);
        byte[] bytes = new byte[(int) number("bytes of a sum", ExactSums.MOST_BYTES)];
        require(bytes.length > 0, () -> "a sum has at least one byte");
        input.readFully(bytes);
        Channel channel = new Channel(notFinite, new BigInteger(bytes));
        if (notFinite < perChannel) {
            channel.minimum = input.readFloat();
            channel.maximum = input.readFloat();
            requireRange(channel.minimum, channel.maximum);
        }
        if (histogram) {
            int exponent = input.readByte();
            require(
                    exponent >= ChannelHistograms.SMALLEST_EXPONENT
                            && exponent <= ChannelHistograms.LARGEST_EXPONENT,
                    () ->
                            "exponents of widths are %d to %d, got %d"
                                    .formatted(
                                            ChannelHistograms.SMALLEST_EXPONENT,
                                            ChannelHistograms.LARGEST_EXPONENT,
                                            exponent));
            channel.exponent = exponent;
            channel.bins = run(ChannelHistograms.BINS, perChannel - notFinite);
            requireAgreement(channel, perChannel - notFinite);
        }
        return channel;
    }

    private static void requireAgreement(Channel channel, long count)
            throws StreamCorruptedException {
        long[] bins = channel.bins;
        long total = 0;
        int first = bins.length;
        int last = -1;
        for (int i = 0; i < bins.length; i++) {
            total = sum(total, bins[i]);
            if (bins[i] > 0) {
                first = Math.min(first, i);
                last = i;
            }
        }
        long held = total;
        require(
                held == count,
                () -> "%d values are expected in bins, got %d".formatted(count, held));
        if (count == 0) {
            return;
        }
        double perWidth = Math.scalb(1.0, -channel.exponent);
        int middle = bins.length / 2;
        double low = Math.floor(channel.minimum * perWidth) + middle;
        double high = Math.floor(channel.maximum * perWidth) + middle;
        // Tiny negative values count as zero for the range, and belong to the bin below.
        boolean lowest = low == first || (channel.minimum == 0 && low == first + 1);
        boolean highest = high == last || (channel.maximum == 0 && high == last + 1);
        require(
                lowest && highest,
                () ->
                        "the range [%s, %s] is not that of the channel's bins"
                                .formatted(channel.minimum, channel.maximum));
    }

    private static void requireRange(float minimum, float maximum) throws StreamCorruptedException {
        require(
                isNormal(minimum) && isNormal(maximum) && minimum <= maximum,
                () ->
                        "a range has two finite ends in order, got [%s, %s]"
                                .formatted(minimum, maximum));
    }

    /** Positive zero, or finite and not subnormal. */
    private static boolean isNormal(float value) {
        return Float.floatToRawIntBits(value) == 0
                || (Math.abs(value) >= Float.MIN_NORMAL && Float.isFinite(value));
    }

    private long[] run(int length, long most) throws IOException {
        long[] numbers = new long[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = number("values of a bin", most);
            if (numbers[i] == 0) {
                i += (int) number("zeros of a run", length - 1L - i);
            }
        }
        return numbers;
    }

    private long number(String what, long most) throws IOException {
        long number = 0;
        int part = 0x80;
        for (int shift = 0; part >= 0x80; shift += 7) {
            if (shift >= Long.SIZE - 1) {
                throw new StreamCorruptedException(
                        "statistics: " + what + " is longer than 63 bits");
            }
            part = input.readUnsignedByte();
            number |= (part & 0x7fL) << shift;
        }
        if (number > most) {
            throw new StreamCorruptedException(
                    "statistics: %s: at most %d is possible, got %d".formatted(what, most, number));
        }
        return number;
    }

    private static long sum(long a, long b) throws StreamCorruptedException {
        if (a > Long.MAX_VALUE - b) {
            throw new StreamCorruptedException("statistics: counts add up to more than 63 bits");
        }
        return a + b;
    }

    private static void require(boolean holds, Supplier<String> message)
            throws StreamCorruptedException {
        if (!holds) {
            throw new StreamCorruptedException("statistics: " + message.get());
        }
    }
}
