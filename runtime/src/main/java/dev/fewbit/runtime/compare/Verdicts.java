package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.Verdict;
import dev.fewbit.core.findings.Verdict.Grade;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says in words what a comparison means. A pure function of the figures.
 *
 * <p>The thresholds, in the order in which they are asked:
 *
 * <ol>
 *   <li>The outputs are <em>broken</em> when the worst output has a mean cosine under 0.8 or an
 *       SQNR under 3 dB, or is not finite: not worth it.
 *   <li><em>Slower</em> is latency more than 1.1 times higher. Slower and less than 2 times
 *       smaller, or more than 3 times slower: not worth it. Slower otherwise: with care.
 *   <li>A <em>gain</em> is a file at least 1.2 times smaller, latency at least 1.1 times lower, or
 *       memory at least 1.2 times lower. None of them: not worth it.
 *   <li>The outputs <em>hardly moved</em> when every output has a mean cosine of 0.99, a smallest
 *       cosine of 0.95 and an SQNR of 15 dB or more, and outputs whose name says that they are
 *       scores of classes or tokens (logits, probabilities) have a top-one agreement of 0.95 or
 *       more: worth it. Otherwise: with care. The largest element of an embedding means nothing, so
 *       it is not asked there.
 * </ol>
 *
 * <p>Where the task's own metric was taken over at least 100 samples of real data, and the float
 * model does the task at all (0.05 or more, where more is better), the metric decides instead of
 * the outputs, as long as these are finite. The task is <em>lost</em> when it costs more than 0.1
 * (of 1), or half of the float model's perplexity: not worth it. It is <em>kept</em> when it costs
 * at most 0.01, or 2 % of the perplexity, or less than 0.03 and less than two standard errors of
 * the difference, and these two are at most 0.03 themselves: worth it. Otherwise: with care.
 *
 * <p>A cosine of 0.99 is what a signal-to-noise ratio of 17 dB gives; int8 embeddings reach 0.992
 * and rank like the float model's, at 0.96 rankings begin to move, and networks that lost their
 * task lie far below 0.9.
 *
 * <p>On random inputs the errors say little: the grade is at best {@code WITH_CARE}, and outputs
 * count as broken only when they are not finite or the cosine is under 0.5.
 */
public final class Verdicts {

    private static final double SMALLER = 1.2;
    private static final double FASTER = 1.1;
    private static final double LIGHTER = 1.2;
    private static final double MUCH_SMALLER = 2;
    private static final double MUCH_SLOWER = 3;
    private static final double CLOSE_COSINE = 0.99;
    private static final double CLOSE_LOWEST_COSINE = 0.95;
    private static final double CLOSE_SQNR = 15;
    private static final double CLOSE_TOP_ONE = 0.95;
    private static final double BROKEN_COSINE = 0.8;
    private static final double BROKEN_SQNR = 3;
    private static final double BROKEN_RANDOM_COSINE = 0.5;

    private static final List<String> SCORES =
            List.of("logit", "prob", "softmax", "score", "class");

    private Verdicts() {}

    /**
     * Judges.
     *
     * @param original facts of the float model
     * @param quantized facts of the quantized model
     * @param comparison the two side by side
     */
    public static Verdict judge(ModelFacts original, ModelFacts quantized, Comparison comparison) {
        double smaller = ratio((double) original.fileBytes(), (double) quantized.fileBytes());
        double faster =
                ratio(
                        comparison.original().latencyMillis(),
                        comparison.quantized().latencyMillis());
        double lighter =
                ratio(
                        (double) comparison.original().memoryBytes(),
                        (double) comparison.quantized().memoryBytes());
        OutputError worst =
                comparison.outputs().stream()
                        .min(Comparator.comparingDouble(OutputError::cosineMean))
                        .orElse(null);
        List<String> gains = gains(smaller, faster);
        Optional<TaskMetric> metric = TaskJudgement.deciding(comparison);
        String quality =
                metric.map(TaskJudgement::words)
                        .orElseGet(() -> quality(worst, comparison.inputs().random()));
        List<String> reasons = Reasons.of(original, quantized, comparison, worst);
        boolean random = comparison.inputs().random();

        if (worst == null) {
            return new Verdict(
                    Grade.WITH_CARE, "No output could be compared: " + list(gains) + ".", reasons);
        }
        if (metric.isPresent() && TaskJudgement.isLost(metric.get())) {
            return new Verdict(
                    Grade.NOT_WORTH_IT,
                    "Not worth it: the task is lost, " + quality + ".",
                    reasons);
        }
        if (metric.isPresent()
                ? isNotFinite(comparison.outputs())
                : isBroken(comparison.outputs(), random)) {
            return new Verdict(
                    Grade.NOT_WORTH_IT,
                    "Not worth it: the outputs are no longer those of the float model, "
                            + quality
                            + ".",
                    reasons);
        }
        boolean slower = faster < 1 / FASTER;
        if (slower && (smaller < MUCH_SMALLER || faster < 1 / MUCH_SLOWER)) {
            return new Verdict(
                    Grade.NOT_WORTH_IT,
                    "Not worth it: slower than the float model ("
                            + times(1 / faster)
                            + ")"
                            + butSmaller(smaller)
                            + ".",
                    reasons);
        }
        // What was not measured is NaN, which reaches no threshold.
        if (!(smaller >= SMALLER || faster >= FASTER || lighter >= LIGHTER)) {
            return new Verdict(
                    Grade.NOT_WORTH_IT,
                    "Not worth it: nothing gained, " + list(gains) + ".",
                    reasons);
        }
        boolean close =
                metric.map(TaskJudgement::isKept)
                        .orElseGet(() -> comparison.outputs().stream().allMatch(Verdicts::isClose));
        String figures = list(gains) + ", " + quality;
        if (slower) {
            return new Verdict(
                    Grade.WITH_CARE, "Smaller, but at a price: " + figures + ".", reasons);
        }
        if (random) {
            return new Verdict(
                    Grade.WITH_CARE,
                    (close ? "Promising: " : "Check it on your data: ")
                            + figures
                            + "; random inputs say little about real use.",
                    reasons);
        }
        return close
                ? new Verdict(Grade.WORTH_IT, "Worth it: " + figures + ".", reasons)
                : new Verdict(
                        Grade.WITH_CARE,
                        metric.map(TaskJudgement::doubt).orElse("Check it on your task: ")
                                + figures
                                + ".",
                        reasons);
    }

    private static String butSmaller(double smaller) {
        if (smaller >= MUCH_SMALLER) {
            return ", though " + times(smaller) + " smaller";
        }
        return smaller >= 1.05 ? " and only " + times(smaller) + " smaller" : " and not smaller";
    }

    private static boolean isNotFinite(List<OutputError> outputs) {
        return outputs.stream()
                .anyMatch(output -> output.sqnrDecibels() == Double.NEGATIVE_INFINITY);
    }

    private static boolean isBroken(List<OutputError> outputs, boolean random) {
        return outputs.stream()
                .anyMatch(
                        output ->
                                output.sqnrDecibels() == Double.NEGATIVE_INFINITY
                                        || output.cosineMean()
                                                < (random ? BROKEN_RANDOM_COSINE : BROKEN_COSINE)
                                        || (!random && output.sqnrDecibels() < BROKEN_SQNR));
    }

    private static boolean isClose(OutputError output) {
        return output.cosineMean() >= CLOSE_COSINE
                && output.cosineMinimum() >= CLOSE_LOWEST_COSINE
                && output.sqnrDecibels() >= CLOSE_SQNR
                && (!isScore(output.name()) || output.topOneAgreement() >= CLOSE_TOP_ONE);
    }

    private static boolean isScore(String output) {
        String name = output.toLowerCase(Locale.ROOT);
        return SCORES.stream().anyMatch(name::contains);
    }

    private static List<String> gains(double smaller, double faster) {
        List<String> gains = new ArrayList<>();
        gains.add(change(smaller, "smaller", "larger", "same size"));
        if (!Double.isNaN(faster)) {
            gains.add(change(faster, "faster", "slower", "same speed"));
        }
        return gains;
    }

    private static String change(double ratio, String more, String less, String same) {
        if (Math.abs(ratio - 1) < 0.05) {
            return same;
        }
        return ratio > 1 ? times(ratio) + " " + more : times(1 / ratio) + " " + less;
    }

    private static String quality(@Nullable OutputError worst, boolean random) {
        if (worst == null) {
            return "";
        }
        return "cosine " + Reasons.cosine(worst.cosineMean()) + (random ? " on random inputs" : "");
    }

    private static String list(List<String> parts) {
        return String.join(", ", parts);
    }

    private static String times(double ratio) {
        return Reasons.times(ratio);
    }

    /** NaN unless both were measured. */
    private static double ratio(double original, double quantized) {
        return original > 0 && quantized > 0 ? original / quantized : Double.NaN;
    }
}
