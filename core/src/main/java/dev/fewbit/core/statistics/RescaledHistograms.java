package dev.fewbit.core.statistics;

import java.util.List;

/** The histogram of values whose channels are multiplied by factors. */
final class RescaledHistograms {

    private RescaledHistograms() {}

    static Histogram of(List<Histogram> sources, float[] factors, int bins) {
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < factors.length; i++) {
            Histogram source = sources.get(i);
            if (source.count() > 0) {
                minimum = Math.min(minimum, finite(source.minimum() * factors[i]));
                maximum = Math.max(maximum, finite(source.maximum() * factors[i]));
            }
        }
        Histogram sum = new Histogram(bins);
        if (minimum > maximum) {
            return sum;
        }
        sum.add(new float[] {minimum, maximum}, 0, 2);
        long[] counts = new long[bins];
        for (int i = 0; i < factors.length; i++) {
            spread(sources.get(i).pieces(), factors[i], sum, counts);
        }
        return Histogram.of(Math.getExponent(sum.binWidth()), counts, minimum, maximum);
    }

    private static float finite(float value) {
        return Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /** Spreads the values of each piece evenly, to whole numbers. */
    private static void spread(Pieces pieces, double factor, Histogram target, long[] counts) {
        double width = target.binWidth();
        for (int piece = 0; piece < pieces.size(); piece++) {
            double low = pieces.lower(piece) * factor;
            double high = pieces.upper(piece) * factor;
            int first = bin(low, target, counts.length);
            int last = high > low ? bin(Math.nextDown(high), target, counts.length) : first;
            long left = pieces.count(piece);
            for (int i = first; i < last; i++) {
                double end = target.lowerEdge() + (i + 1) * width;
                // Of what is left, the share up to the end of this bin.
                double share = (end - low) / (high - low);
                long here = Math.clamp(Math.round(left * share), 0, left);
                counts[i] += here;
                left -= here;
                low = end;
            }
            counts[last] += left;
        }
    }

    private static int bin(double value, Histogram target, int bins) {
        double bin = Math.floor((value - target.lowerEdge()) / target.binWidth());
        return (int) Math.clamp(bin, 0, bins - 1);
    }
}
