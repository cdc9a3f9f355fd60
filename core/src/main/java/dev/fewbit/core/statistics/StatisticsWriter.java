package dev.fewbit.core.statistics;

import java.io.DataOutput;
import java.io.IOException;

/**
 * Writes {@link TensorStatistics}.
 *
 * <pre>
 * version        byte 1
 * detail         byte, code of ChannelDetail
 * notFinite      number
 * count          number; if it is not 0:
 *   minimum, maximum   float
 *   zeros              number
 *   first, octaves     number, biased exponent of the first octave and how many there are
 *   negative           byte 0 or 1
 *   positive bins      run of octaves * 256 numbers
 *   negative bins      the same, if negative is 1
 * channels       number, 0 if there are none; otherwise:
 *   perChannel         number of values, finite or not, of each channel
 *   of each channel:
 *     notFinite        number
 *     sum              number of bytes; then a big-endian signed multiple of 2^-160
 *     minimum, maximum float, if there are finite values
 *     exponent         byte, of the bins' width, if there are histograms
 *     bins             run of 256 numbers, if there are histograms
 * </pre>
 *
 * <p>A number is 0 to 2^63 - 1 in groups of 7 bits, lowest first, the eighth bit set in all but the
 * last. A run is its numbers, where a 0 is followed by how many more zeros come.
 */
final class StatisticsWriter {

    static final int VERSION = 1;

    private StatisticsWriter() {}

    static void write(TensorStatistics statistics, DataOutput output) throws IOException {
        output.writeByte(VERSION);
        output.writeByte(statistics.detail().code);
        writeNumber(statistics.notFinite(), output);
        writeDistribution(statistics.distribution(), output);
        ChannelStatistics channels = statistics.channels().orElse(null);
        if (channels == null) {
            writeNumber(0, output);
        } else {
            writeChannels(channels, output);
        }
    }

    private static void writeDistribution(OctaveHistogram histogram, DataOutput output)
            throws IOException {
        writeNumber(histogram.count(), output);
        if (histogram.count() == 0) {
            return;
        }
        OctaveWindow window = histogram.window();
        output.writeFloat(histogram.minimum());
        output.writeFloat(histogram.maximum());
        writeNumber(window.zeros(), output);
        writeNumber(window.first(), output);
        writeNumber(window.end() - window.first(), output);
        boolean negative = histogram.minimum() < 0;
        output.writeByte(negative ? 1 : 0);
        writeRun(bins(window, false), output);
        if (negative) {
            writeRun(bins(window, true), output);
        }
    }

    private static long[] bins(OctaveWindow window, boolean negative) {
        long[] bins = new long[(window.end() - window.first()) * OctaveWindow.BINS];
        for (int i = 0; i < bins.length; i++) {
            bins[i] =
                    window.count(
                            negative,
                            window.first() + i / OctaveWindow.BINS,
                            i % OctaveWindow.BINS);
        }
        return bins;
    }

    private static void writeChannels(ChannelStatistics channels, DataOutput output)
            throws IOException {
        writeNumber(channels.channels(), output);
        writeNumber(channels.perChannel(), output);
        ChannelHistograms histograms = channels.channelHistograms();
        for (int channel = 0; channel < channels.channels(); channel++) {
            writeNumber(channels.notFinite(channel), output);
            byte[] sum = channels.sums().exact(channel).toByteArray();
            writeNumber(sum.length, output);
            output.write(sum);
            if (channels.count(channel) > 0) {
                output.writeFloat(channels.minimum(channel));
                output.writeFloat(channels.maximum(channel));
            }
            if (histograms != null) {
                output.writeByte(histograms.exponent(channel));
                writeRun(histograms.counts(channel), output);
            }
        }
    }

    private static void writeRun(long[] numbers, DataOutput output) throws IOException {
        for (int i = 0; i < numbers.length; i++) {
            writeNumber(numbers[i], output);
            if (numbers[i] == 0) {
                int first = i;
                while (i + 1 < numbers.length && numbers[i + 1] == 0) {
                    i++;
                }
                writeNumber(i - first, output);
            }
        }
    }

    private static void writeNumber(long number, DataOutput output) throws IOException {
        long rest = number;
        while (rest > 0x7f) {
            output.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        output.writeByte((int) rest);
    }
}
