package dev.fewbit.report.html;

import dev.fewbit.core.findings.WeightHistogram;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A histogram made fit to draw: empty bins at both ends are gone, and neighbouring bins are merged
 * until there are few enough.
 */
record DrawnHistogram(double lowerEdge, double binWidth, List<Long> bins, List<Float> levels) {

    DrawnHistogram {
        bins = List.copyOf(bins);
        levels = List.copyOf(levels);
    }

    /**
     * The histogram in at most {@code most} bins, or {@code null} when there is nothing to draw.
     */
    static @Nullable DrawnHistogram of(@Nullable WeightHistogram histogram, int most) {
        if (histogram == null
                || !(histogram.binWidth() > 0 && histogram.binWidth() < Double.POSITIVE_INFINITY)
                || !Double.isFinite(histogram.lowerEdge())) {
            return null;
        }
        List<Long> counts = histogram.counts();
        int from = 0;
        int to = counts.size();
        while (from < to && counts.get(from) <= 0) {
            from++;
        }
        while (to > from && counts.get(to - 1) <= 0) {
            to--;
        }
        if (from == to) {
            return null;
        }
        int merged = Math.ceilDiv(to - from, most);
        Long[] bins = new Long[Math.ceilDiv(to - from, merged)];
        for (int i = 0; i < bins.length; i++) {
            long sum = 0;
            for (int j = from + i * merged; j < Math.min(to, from + (i + 1) * merged); j++) {
                sum += Math.max(0, counts.get(j));
            }
            bins[i] = sum;
        }
        List<Float> levels =
                histogram.levels().stream().filter(level -> Float.isFinite(level)).toList();
        return new DrawnHistogram(
                histogram.lowerEdge() + from * histogram.binWidth(),
                merged * histogram.binWidth(),
                List.of(bins),
                levels);
    }

    long[] counts() {
        return bins.stream().mapToLong(Long::longValue).toArray();
    }
}
