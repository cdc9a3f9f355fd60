package dev.fewbit.tuning;

import dev.fewbit.Recipe;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.planning.integer.FoundLevels;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.planning.integer.StaticPlanner;
import dev.fewbit.runtime.calibrate.Calibration;
import dev.fewbit.runtime.calibrate.CalibrationOptions;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What improvements work with: the prepared model, the samples, and what candidates lose. */
final class Workbench {
    /** Plans that are remembered. */
    private static final int REMEMBERED = 8;

    private final PreparedModel prepared;
    private final Recipe recipe;
    private final @Nullable Samples samples;
    private final @Nullable OutputTrials trials;
    private final TuningOptions options;
    private final Map<String, Double> losses = new HashMap<>();
    private final FoundLevels levels;
    private final Deque<Planned> planned = new ArrayDeque<>();

    /**
     * A bench.
     *
     * @param samples what to calibrate on; null where statistics are given
     * @param trials what candidates are held against; null where nothing is tried out
     */
    Workbench(
            PreparedModel prepared,
            Recipe recipe,
            @Nullable Samples samples,
            @Nullable OutputTrials trials,
            TuningOptions options) {
        this.prepared = prepared;
        this.recipe = recipe;
        this.samples = samples;
        this.trials = trials;
        this.options = options;
        this.levels = new FoundLevels(options.threads());
    }

    /** The prepared float model. */
    PreparedModel prepared() {
        return prepared;
    }

    /** What is wanted. */
    Recipe recipe() {
        return recipe;
    }

    /** Data, effort and limits. */
    TuningOptions options() {
        return options;
    }

    /** The first samples, kept in memory. */
    KeptSamples firstSamples(int most) throws IOException {
        return KeptSamples.of(present(), most);
    }

    private Samples present() {
        return Objects.requireNonNull(samples, "nothing is run without samples");
    }

    /** What the recipe settles about nodes and values. */
    IntegerChoices firstChoices() {
        return IntegerChoices.of(
                recipe.statics().activationFormat(),
                recipe.statics().calibration().orElse(new ActivationRange.SquaredError()));
    }

    /** A fresh copy of the prepared model, corrected as a candidate says. */
    Model corrected(Candidate candidate) throws IOException {
        Model model = prepared.read();
        GraphCorrector.apply(model, candidate.corrections());
        return model;
    }

    /** The planner for a candidate. */
    StaticPlanner planner(Candidate candidate) throws IOException {
        return new StaticPlanner(corrected(candidate), recipe, candidate.choices());
    }

    /** The plan that follows from a candidate; those of the last few are remembered. */
    Plan plan(Candidate candidate) throws IOException {
        for (Planned each : planned) {
            if (each.isOf(candidate)) {
                return each.plan();
            }
        }
        Plan plan =
                planner(candidate)
                        .plan(
                                candidate.statistics(),
                                prepared.passes(),
                                candidate.corrections(),
                                levels);
        planned.addFirst(new Planned(candidate, plan));
        if (planned.size() > REMEMBERED) {
            planned.removeLast();
        }
        return plan;
    }

    /** A candidate, the very object, and its plan. */
    private record Planned(Candidate candidate, Plan plan) {
        @SuppressWarnings("ReferenceEquality") // Comparing all numbers would take longer.
        boolean isOf(Candidate other) {
            return candidate == other;
        }
    }

    /** The quantized model of a candidate; the next call replaces the file. */
    Path quantized(Candidate candidate) throws IOException {
        return prepared.quantized(plan(candidate));
    }

    /** Number of samples that candidates are tried on. */
    int trialSamples() {
        return trials == null ? 0 : trials.samples();
    }

    /**
     * What a candidate loses in the model's outputs, 0 to 1; see {@link OutputTrials}. Equal plans
     * are run once.
     */
    double loss(Candidate candidate) throws IOException {
        OutputTrials present = Objects.requireNonNull(trials, "nothing is tried out without data");
        Plan plan = plan(candidate);
        Double known = losses.get(plan.hash());
        if (known != null) {
            return known;
        }
        double loss = present.loss(prepared.quantized(plan));
        losses.put(plan.hash(), loss);
        return loss;
    }

    /**
     * Statistics of values of any model that takes the same inputs.
     *
     * @param mostSamples samples to run at most
     */
    Statistics calibrate(Path model, List<Observation> wanted, int mostSamples)
            throws IOException, InterruptedException {
        return Calibration.run(
                model,
                wanted,
                present(),
                new CalibrationOptions(options.threads(), mostSamples, options.progress()::update));
    }
}
