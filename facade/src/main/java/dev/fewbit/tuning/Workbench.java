package dev.fewbit.tuning;

import dev.fewbit.Recipe;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.planning.integer.StaticPlanner;
import dev.fewbit.runtime.calibrate.Calibration;
import dev.fewbit.runtime.calibrate.CalibrationOptions;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What improvements work with: the prepared model, the samples, and what candidates lose. */
final class Workbench {
    private final PreparedModel prepared;
    private final Recipe recipe;
    private final Samples samples;
    private final OutputTrials trials;
    private final TuningOptions options;

    Workbench(
            PreparedModel prepared,
            Recipe recipe,
            Samples samples,
            OutputTrials trials,
            TuningOptions options) {
        this.prepared = prepared;
        this.recipe = recipe;
        this.samples = samples;
        this.trials = trials;
        this.options = options;
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
        return KeptSamples.of(samples, most);
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

    /** The plan that follows from a candidate. */
    Plan plan(Candidate candidate) throws IOException {
        return planner(candidate)
                .plan(candidate.statistics(), prepared.passes(), candidate.corrections());
    }

    /** The quantized model of a candidate; the next call replaces the file. */
    Path quantized(Candidate candidate) throws IOException {
        return prepared.quantized(plan(candidate));
    }

    /** What a candidate loses in the model's outputs, 0 to 1; see {@link OutputTrials}. */
    double loss(Candidate candidate) throws IOException {
        return trials.loss(quantized(candidate));
    }

    /**
     * Statistics of values of any model that takes the same inputs.
     *
     * @param mostSamples samples to run at most
     */
    Statistics calibrate(Path model, List<Observation> wanted, int mostSamples)
            throws IOException, InterruptedException {
        return calibrate(model, wanted, samples, mostSamples);
    }

    /** The same on other samples. */
    Statistics calibrate(Path model, List<Observation> wanted, Samples among, int mostSamples)
            throws IOException, InterruptedException {
        return Calibration.run(
                model,
                wanted,
                among,
                new CalibrationOptions(options.threads(), mostSamples, options.progress()::update));
    }
}
