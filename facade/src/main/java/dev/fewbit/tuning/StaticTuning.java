package dev.fewbit.tuning;

import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.planning.integer.StaticPlanner;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.trial.OutputTrials;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a static plan for a model. */
public final class StaticTuning {
    private static final List<Preparation> ALWAYS =
            List.of(Preparation.FOLD_CONSTANTS, Preparation.FOLD_BATCH_NORM);

    /**
     * A change must leave no more than this share of the error, or the simpler network is kept:
     * smaller differences are within what other samples would have shown.
     */
    private static final double WORTHWHILE = 0.8;

    private final Path source;
    private final Recipe recipe;
    private final TuningOptions options;
    private final List<Improvement> improvements;
    private final List<String> notes = new ArrayList<>();

    private StaticTuning(
            Path source, Recipe recipe, TuningOptions options, List<Improvement> improvements) {
        this.source = source;
        this.recipe = recipe;
        this.options = options;
        this.improvements = improvements;
    }

    /**
     * Finds the plan.
     *
     * @param source the float model; only read
     * @param recipe what is wanted; its activations are static
     * @param options data, effort and limits
     * @return the plan, and what is to be known about it
     */
    public static TunedPlan run(Path source, Recipe recipe, TuningOptions options)
            throws IOException, InterruptedException {
        return new StaticTuning(source, recipe, options, improvements(recipe)).run();
    }

    /** In the order in which they are tried. */
    private static List<Improvement> improvements(Recipe recipe) {
        if (!recipe.statics().corrections()) {
            return List.of();
        }
        return List.of(new PreactivationScaling(), new Smoothing(), new BiasCorrection());
    }

    private TunedPlan run() throws IOException, InterruptedException {
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-tuning");
                Samples samples =
                        ComparisonSamples.open(
                                source,
                                options.data(),
                                dataOptions(),
                                recipe.seed(),
                                TuningOptions.RANDOM_SAMPLES)) {
            options.progress().update("preparing", 0, 1);
            PreparedModel prepared = PreparedModel.of(source, ALWAYS, folder, options.threads());
            OutputTrials trials =
                    OutputTrials.of(source, samples, options.trialSamples(), options.threads());
            Workbench bench = new Workbench(prepared, recipe, samples, trials, options);
            Candidate candidate = improve(bench, first(bench));
            return new TunedPlan(bench.plan(candidate), notes);
        }
    }

    private Candidate first(Workbench bench) throws IOException, InterruptedException {
        IntegerChoices choices = bench.firstChoices();
        StaticPlanner planner = new StaticPlanner(bench.prepared().read(), recipe, choices);
        Map<String, Observation> wanted = new LinkedHashMap<>();
        planner.observed().forEach(name -> wanted.put(name, Observation.ofTensor(name)));
        for (Improvement improvement : improvements) {
            for (Observation each : improvement.observations(bench)) {
                wanted.merge(each.value(), each, StaticTuning::moreDetailed);
            }
        }
        Statistics statistics =
                bench.calibrate(
                        bench.prepared().file(), List.copyOf(wanted.values()), options.samples());
        notes.addAll(statistics.warnings());
        return new Candidate(List.of(), statistics, choices);
    }

    private static Observation moreDetailed(Observation one, Observation other) {
        return one.detail().compareTo(other.detail()) >= 0 ? one : other;
    }

    /** Tries one improvement after the other and keeps those that lose less. */
    private Candidate improve(Workbench bench, Candidate start)
            throws IOException, InterruptedException {
        Candidate best = start;
        double least = bench.loss(start);
        for (Improvement improvement : improvements) {
            options.progress().update(improvement.title(), 0, 1);
            Optional<Candidate> proposal = improvement.propose(bench, best);
            if (proposal.isEmpty()) {
                continue;
            }
            double loss = bench.loss(proposal.get());
            boolean better = loss < least * WORTHWHILE;
            notes.add(
                    "%s: relative output error %.3g, before %.3g; %s"
                            .formatted(
                                    improvement.title(),
                                    loss,
                                    least,
                                    better ? "kept" : "left out"));
            if (better) {
                best = proposal.get();
                least = loss;
            }
        }
        return best;
    }

    private DataOptions dataOptions() {
        DataOptions beside = DataOptions.defaults().beside(source);
        return options.tokenizer().map(beside::withTokenizer).orElse(beside);
    }
}
