package dev.fewbit.report.html;

import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.findings.WeightHistogram;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.StringJoiner;

/**
 * The distributions of the weights as the page needs them: small drawings in the table, and the
 * numbers from which a script draws the large one.
 */
final class Histograms {

    /** Two drawn pixels or more for each bin of the large chart, and a page of a bearable size. */
    private static final int MOST_BINS = 160;

    private static final int SPARK_BINS = 40;
    private static final int SPARK_HEIGHT = 20;

    private Histograms() {}

    /**
     * The numbers of all histograms, in the order of the weights, {@code null} where there is none:
     * lower edge {@code e}, bin width {@code w}, counts {@code c}, and the levels, either listed
     * ({@code l}) or, when they are evenly spaced, as first, step and number ({@code u}). There is
     * no text in it, so nothing to escape.
     */
    static String json(List<WeightFinding> weights) {
        StringJoiner all = new StringJoiner(",\n", "[", "]");
        for (WeightFinding weight : weights) {
            DrawnHistogram drawn = DrawnHistogram.of(weight.histogram(), MOST_BINS);
            all.add(drawn == null ? "null" : json(drawn));
        }
        return all.toString();
    }

    private static String json(DrawnHistogram histogram) {
        StringBuilder json =
                new StringBuilder("{\"e\":").append(Figures.plain(histogram.lowerEdge(), 7));
        json.append(",\"w\":").append(Figures.plain(histogram.binWidth(), 7)).append(",\"c\":[");
        long[] counts = histogram.counts();
        for (int i = 0; i < counts.length; i++) {
            json.append(i == 0 ? "" : ",").append(counts[i]);
        }
        List<Float> levels = histogram.levels();
        if (Levels.evenlySpaced(levels)) {
            float first = levels.getFirst();
            double step = ((double) levels.getLast() - first) / (levels.size() - 1);
            json.append("],\"u\":[")
                    .append(Figures.plain(first, 7))
                    .append(',')
                    .append(Figures.plain(step, 9));
            json.append(',').append(levels.size());
        } else {
            json.append("],\"l\":[");
            for (int i = 0; i < levels.size(); i++) {
                json.append(i == 0 ? "" : ",").append(Figures.plain(levels.get(i), 6));
            }
        }
        return json.append("]}").toString();
    }

    /** A small drawing of the distribution, or a dash. */
    static void spark(HtmlWriter html, @Nullable WeightHistogram histogram) {
        DrawnHistogram drawn = DrawnHistogram.of(histogram, SPARK_BINS);
        if (drawn == null) {
            html.element("span", "\u2013", "class", "note");
            return;
        }
        long[] counts = drawn.counts();
        long highest = 1;
        for (long count : counts) {
            highest = Math.max(highest, count);
        }
        StringBuilder path = new StringBuilder("M0 ").append(SPARK_HEIGHT);
        int top = SPARK_HEIGHT;
        int width = 0;
        for (long count : counts) {
            int next = sparkTop(count, highest);
            if (next != top) {
                path.append(width == 0 ? "" : "h" + width).append('V').append(next);
                top = next;
                width = 0;
            }
            width++;
        }
        path.append('h').append(width).append('V').append(SPARK_HEIGHT).append('z');
        html.open(
                "svg",
                "class",
                "spark",
                "viewBox",
                "0 0 %d %d".formatted(counts.length, SPARK_HEIGHT),
                "preserveAspectRatio",
                "none",
                "aria-hidden",
                "true");
        html.element("path", "", "d", path.toString());
        html.close();
    }

    /**
     * Square roots, so that tails show beside the peak; a bin that holds anything is at least 1
     * high.
     */
    private static int sparkTop(long count, long highest) {
        if (count == 0) {
            return SPARK_HEIGHT;
        }
        double height = (SPARK_HEIGHT - 1) * Math.sqrt((double) count / highest);
        return SPARK_HEIGHT - (int) Math.max(1, Math.round(height));
    }
}
