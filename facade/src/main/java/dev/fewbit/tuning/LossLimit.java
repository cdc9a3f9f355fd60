package dev.fewbit.tuning;

import dev.fewbit.FewbitException;
import dev.fewbit.planning.integer.PlannedLayer;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.TaskTrials;
import dev.fewbit.tuning.FloatFallback.Depth;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Sees to it that a plan loses no more than it may, and says what that took. */
final class LossLimit {
    /**
     * Relative output error above which a network hardly does what it did: 13 dB. Networks that
     * survive 8 bits lose a fifth of it or less.
     */
    private static final double USELESS = 0.05;

    /** Layers that are left in float unasked: this many, or a share of all. */
    private static final int FEW_LAYERS = 4;

    private static final int SHARE = 4;

    /** Questions of a task that every candidate is asked. */
    private static final int QUESTIONS = 1000;

    private static final int NAMED = 5;

    private final Workbench bench;
    private final List<String> warnings;
    private final List<String> notes;

    LossLimit(Workbench bench, List<String> warnings, List<String> notes) {
        this.bench = bench;
        this.warnings = warnings;
        this.notes = notes;
    }

    /**
     * Keeps the limit that was asked for, or, where none was, the network from being useless; that
     * only where activations have 8 bits or more.
     *
     * @param source the float model
     * @param samples the data
     * @throws FewbitException if the limit cannot be met
     */
    Candidate apply(Path source, Samples samples, Candidate candidate) throws IOException {
        OptionalDouble limit = bench.options().maximumLoss();
        return limit.isPresent()
                ? asked(goal(source, samples, limit.getAsDouble()), candidate)
                : unasked(candidate);
    }

    private LossGoal goal(Path source, Samples samples, double limit) throws IOException {
        Optional<TaskTrials> task =
                TaskTrials.of(
                        source,
                        samples,
                        bench.options().task(),
                        QUESTIONS,
                        bench.options().threads());
        return task.<LossGoal>map(trials -> new LossGoal.Metric(trials, limit))
                .orElseGet(() -> new LossGoal.OutputError(limit));
    }

    private Candidate asked(LossGoal goal, Candidate candidate) throws IOException {
        double loss = goal.loss(bench, candidate);
        if (goal.isMetBy(loss)) {
            notes.add(
                    "%s %s, at most %s is allowed: no layer is left in float for it"
                            .formatted(goal.measure(), text(loss), text(goal.limit())));
            return candidate;
        }
        FloatFallback.Result result =
                FloatFallback.apply(bench, candidate, goal, Integer.MAX_VALUE);
        if (!goal.isMetBy(result.loss())) {
            throw new FewbitException(
                    "the %s is %s even with every layer in float, and at most %s is allowed; allow more, or try --corrections none"
                            .formatted(goal.measure(), text(result.loss()), text(goal.limit())));
        }
        notes.add(
                "%s %s, at most %s is allowed: %s; it is %s now"
                        .formatted(
                                goal.measure(),
                                text(loss),
                                text(goal.limit()),
                                describe(result.depths()),
                                text(result.loss())));
        return result.candidate();
    }

    private Candidate unasked(Candidate candidate) throws IOException {
        LossGoal goal = new LossGoal.OutputError(USELESS);
        double loss = goal.loss(bench, candidate);
        if (goal.isMetBy(loss)) {
            return candidate;
        }
        int bits = bench.recipe().statics().activationBits();
        if (bits < Byte.SIZE) {
            // Layers in float would not be what was asked for, and training can make up for it.
            warnings.add(
                    "the outputs are off by a relative error of %s, as activations of %d bits often are without training; compare on your own data, take more bits, or have layers left in float by --max-loss"
                            .formatted(text(loss), bits));
            return candidate;
        }
        int layers = bench.planner(candidate).layers().size();
        FloatFallback.Result result =
                FloatFallback.apply(bench, candidate, goal, Math.max(FEW_LAYERS, layers / SHARE));
        boolean helps = result.loss() < loss / 2;
        if (helps) {
            notes.add(
                    "the outputs were off by a relative error of %s: %s; it is %s now"
                            .formatted(text(loss), describe(result.depths()), text(result.loss())));
        }
        if (!goal.isMetBy(result.loss())) {
            warnings.add(
                    "the outputs are off by a relative error of %s, which few networks survive; compare on your own data, and set a limit with --max-loss"
                            .formatted(text(helps ? result.loss() : loss)));
        }
        return helps ? result.candidate() : candidate;
    }

    private static String describe(Map<PlannedLayer, Depth> depths) {
        String names =
                depths.entrySet().stream()
                        .limit(NAMED)
                        .map(
                                each ->
                                        each.getKey().label()
                                                + (each.getValue() == Depth.FLOAT_WEIGHTS
                                                        ? " (weights, too)"
                                                        : ""))
                        .collect(Collectors.joining(", "));
        long bytes =
                depths.entrySet().stream()
                        .filter(each -> each.getValue() == Depth.FLOAT_WEIGHTS)
                        .mapToLong(each -> each.getKey().floatBytes())
                        .sum();
        return "%d %s in float, the worst first: %s%s%s"
                .formatted(
                        depths.size(),
                        depths.size() == 1 ? "layer computes" : "layers compute",
                        names,
                        depths.size() > NAMED ? ", ..." : "",
                        bytes == 0 ? "" : "; " + bytes + " bytes of weights stay float");
    }

    private static String text(double loss) {
        return Double.isFinite(loss)
                ? new BigDecimal(loss).round(new MathContext(3)).stripTrailingZeros().toString()
                : Double.toString(loss);
    }
}
