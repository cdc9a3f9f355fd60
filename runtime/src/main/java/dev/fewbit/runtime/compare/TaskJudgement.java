package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.TaskMetric;

import java.util.Locale;
import java.util.Optional;

/** What a task's metric says of a quantized model; the thresholds stand in {@link Verdicts}. */
final class TaskJudgement {

    private static final long ENOUGH = 100;
    private static final double ABLE = 0.05;
    private static final double LOST = 0.1;
    private static final double LOST_PERPLEXITY = 0.5;
    private static final double KEPT = 0.01;
    private static final double KEPT_PERPLEXITY = 0.02;
    private static final double CHANCE = 0.03;

    private TaskJudgement() {}

    /** The metric that decides, if there is one to be trusted. */
    static Optional<TaskMetric> deciding(Comparison comparison) {
        return comparison
                .metric()
                .filter(metric -> !comparison.inputs().random() && metric.samples() >= ENOUGH)
                .filter(metric -> Double.isFinite(metric.original()))
                .filter(metric -> !metric.higherIsBetter() || metric.original() >= ABLE);
    }

    /** What it costs: of 1 where more is better, of the float model's figure elsewhere. */
    private static double price(TaskMetric metric) {
        return metric.higherIsBetter() ? metric.loss() : metric.loss() / metric.original();
    }

    static boolean isLost(TaskMetric metric) {
        // Not-a-number is lost, too.
        return !(price(metric) <= (metric.higherIsBetter() ? LOST : LOST_PERPLEXITY));
    }

    static boolean isKept(TaskMetric metric) {
        double price = price(metric);
        return isCertain(metric)
                && (price <= (metric.higherIsBetter() ? KEPT : KEPT_PERPLEXITY)
                        || (price <= CHANCE && metric.loss() <= 2 * metric.differenceError()));
    }

    /** How a headline begins when the task is neither kept nor lost. */
    static String doubt(TaskMetric metric) {
        return !isCertain(metric) && price(metric) <= CHANCE
                ? "More samples are needed to tell: "
                : "The task suffers: ";
    }

    /** Whether two standard errors are less than what would be called a loss. */
    private static boolean isCertain(TaskMetric metric) {
        double unit = metric.higherIsBetter() ? 1 : metric.original();
        return 2 * metric.differenceError() <= CHANCE * unit;
    }

    /** For example {@code top-1 accuracy 57.6 % to 57.4 %}. */
    static String words(TaskMetric metric) {
        return metric.name()
                + " "
                + figure(metric, metric.original())
                + " to "
                + figure(metric, metric.quantized());
    }

    /** The metric as a sentence. */
    static String sentence(TaskMetric metric) {
        String error =
                Double.isNaN(metric.differenceError())
                        ? ""
                        : " (standard error of the difference "
                                + figure(metric, metric.differenceError())
                                + ")";
        return words(metric) + " over " + metric.samples() + " samples" + error + ".";
    }

    private static String figure(TaskMetric metric, double value) {
        return switch (metric.unit()) {
            case SHARE -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
            case NUMBER -> String.format(Locale.ROOT, value < 1 ? "%.4f" : "%.3f", value);
        };
    }
}
