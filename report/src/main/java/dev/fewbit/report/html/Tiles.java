package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.TaskMetric;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** The summary tiles: each one figure in large type, with what it is made of below. */
final class Tiles {

    private Tiles() {}

    static void write(HtmlWriter html, Findings findings) {
        pair(
                html,
                "File size",
                (double) findings.original().fileBytes(),
                (double) findings.quantized().fileBytes(),
                "smaller",
                "larger",
                bytes -> Figures.bytes((long) bytes),
                "");
        Comparison comparison = findings.comparison();
        if (comparison == null) {
            return;
        }
        comparison.metric().ifPresent(metric -> task(html, metric));
        Comparison.Performance before = comparison.original();
        Comparison.Performance after = comparison.quantized();
        pair(
                html,
                "Latency",
                before.latencyMillis(),
                after.latencyMillis(),
                "faster",
                "slower",
                Figures::millis,
                "Median of one inference. 8 of 10 took %s to %s before, %s to %s after."
                        .formatted(
                                Figures.millis(before.latencyLowMillis()),
                                Figures.millis(before.latencyHighMillis()),
                                Figures.millis(after.latencyLowMillis()),
                                Figures.millis(after.latencyHighMillis())));
        pair(
                html,
                "Memory",
                (double) before.memoryBytes(),
                (double) after.memoryBytes(),
                "less",
                "more",
                bytes -> bytes < 0 ? "not measured" : Figures.bytes((long) bytes),
                "What loading and running the model adds to a process.");
        pair(
                html,
                "Load time",
                before.loadMillis(),
                after.loadMillis(),
                "faster",
                "slower",
                Figures::millis,
                "From the file to a session that can run.");
        accuracy(html, comparison.outputs());
    }

    private static void pair(
            HtmlWriter html,
            String title,
            double before,
            double after,
            String less,
            String more,
            DoubleFunction<String> words,
            String note) {
        Change change = Change.of(before, after, less, more);
        html.open("div", "class", "tile");
        html.element("h3", title);
        html.element("p", change.words(), "class", "figure " + change.tone().style());
        html.open("dl", "class", "pair");
        double longest = Math.max(before, after);
        bar(html, "before", before, longest, words);
        bar(html, "after", after, longest, words);
        html.close();
        if (!note.isEmpty()) {
            html.element("p", note, "class", "note");
        }
        html.closeLine();
    }

    private static void bar(
            HtmlWriter html,
            String when,
            double value,
            double longest,
            DoubleFunction<String> words) {
        html.element("dt", when);
        html.open("dd");
        html.element("span", words.apply(value));
        double share =
                longest > 0 && value > 0 && longest < Double.POSITIVE_INFINITY
                        ? value / longest
                        : 0;
        html.open("i", "class", "track", "aria-hidden", "true");
        html.element(
                "i",
                "",
                "class",
                "bar " + when,
                "style",
                "width:" + Figures.plain(share * 100, 4) + "%");
        html.close();
        html.close();
    }

    private static void task(HtmlWriter html, TaskMetric metric) {
        String name = metric.name();
        figure(
                html,
                name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                TaskSection.figure(metric, metric.quantized()),
                "The float model reaches %s. Over %s samples%s."
                        .formatted(
                                TaskSection.figure(metric, metric.original()),
                                Figures.count(metric.samples()),
                                Double.isNaN(metric.differenceError())
                                        ? ""
                                        : "; standard error of the difference "
                                                + TaskSection.figure(
                                                        metric, metric.differenceError())));
    }

    private static void accuracy(HtmlWriter html, List<OutputError> outputs) {
        if (outputs.isEmpty()) {
            return;
        }
        String whose = outputs.size() == 1 ? "" : " Worst of %d outputs.".formatted(outputs.size());
        // A cosine or ratio that is not a number counts as the worst of all.
        OutputError byCosine =
                outputs.stream()
                        .min(Comparator.comparingDouble(o -> worstFirst(o.cosineMean())))
                        .orElseThrow();
        OutputError byRatio =
                outputs.stream()
                        .min(Comparator.comparingDouble(o -> worstFirst(o.sqnrDecibels())))
                        .orElseThrow();
        figure(
                html,
                "Output cosine",
                Figures.cosine(byCosine.cosineMean()),
                "1 means the same direction as the float output. Mean over the samples; the worst sample has %s.%s"
                        .formatted(Figures.cosine(byCosine.cosineMinimum()), whose));
        figure(
                html,
                "Output signal to noise",
                Figures.decibels(byRatio.sqnrDecibels()),
                Decibels.inWords(byRatio.sqnrDecibels()) + whose);
    }

    private static double worstFirst(double value) {
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }

    private static void figure(HtmlWriter html, String title, String figure, String note) {
        html.open("div", "class", "tile");
        html.element("h3", title);
        html.element("p", figure, "class", "figure");
        html.element("p", note, "class", "note");
        html.closeLine();
    }
}
