package dev.fewbit.tuning;

import dev.fewbit.FewbitException;
import dev.fewbit.Progress;
import dev.fewbit.Recipe;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds a static plan for a model. */
public final class StaticTuning {
    private static final List<Preparation> ALWAYS =
            List.of(Preparation.FOLD_CONSTANTS, Preparation.FOLD_BATCH_NORM);

    private static final Affine EIGHT_BITS = new Affine(8, true, true);

    /** Corrections are made if they leave no more than this share of the error. */
    private static final double WORTHWHILE = 0.8;

    /**
     * The same where weights will be rounded with regard to data, to fewer bits than are tried out
     * here: that makes up for much, and scaled channels make it harder.
     */
    private static final double WORTHWHILE_IN_FEW_BITS = 0.5;

    private final Path source;
    private final Recipe wanted;

    /** What is tuned: weights that are rounded with regard to data have 8 bits till then. */
    private final Recipe recipe;

    private final TuningOptions options;
    private final List<Improvement> improvements;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private StaticTuning(
            Path source, Recipe wanted, TuningOptions options, List<Improvement> improvements) {
        this.source = source;
        this.wanted = wanted;
        this.recipe =
                wanted.rounding().needsData()
                        ? wanted.withWeights(EIGHT_BITS)
                                .withGrouping(Grouping.CHANNEL)
                                .withRounding(Rounding.NEAREST)
                        : wanted;
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

    /**
     * The values that a tuning with data measures first, for those who want to know what that
     * costs.
     *
     * @param source the float model; only read
     * @param recipe what is wanted; its activations are static
     * @param prepared where the prepared model is written, whose values these are
     */
    public static List<Observation> observations(Path source, Recipe recipe, Path prepared)
            throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-tuning")) {
            TuningOptions options =
                    new TuningOptions(Optional.empty(), Optional.empty(), 1, 1, 1, Progress.NONE);
            PreparedModel model = PreparedModel.of(source, ALWAYS, folder, 1);
            Files.copy(model.file(), prepared, StandardCopyOption.REPLACE_EXISTING);
            Workbench bench = new Workbench(model, recipe, null, null, options);
            return observations(bench, improvements(recipe));
        }
    }

    /** In the order in which they are tried. */
    private static List<Improvement> improvements(Recipe recipe) {
        List<Improvement> improvements = new ArrayList<>();
        if (recipe.statics().calibration().isEmpty()) {
            improvements.add(new RangeChoice());
        }
        if (recipe.statics().corrections()) {
            improvements.add(new CrossLayerEqualization());
            improvements.add(new PreactivationScaling());
            improvements.add(new Smoothing());
            if (!recipe.rounding().needsData()) {
                // Such rounding makes up for what other layers do by itself.
                improvements.add(new LayerCorrection());
            }
        }
        return improvements;
    }

    private TunedPlan run() throws IOException, InterruptedException {
        if (options.maximumLoss().isPresent() && wanted.rounding().needsData()) {
            throw new FewbitException(
                    "a limit of the loss is kept with weights rounded to nearest only, not with "
                            + wanted.rounding()
                            + ": ask for that rounding, or give no limit and look at the loss");
        }
        if (options.data().isEmpty() && options.maximumLoss().isPresent()) {
            throw new FewbitException(
                    "a limit of the loss can be kept only where the loss can be measured: give data"
                            + " beside it");
        }
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-tuning")) {
            options.progress().update("preparing", 0, 1);
            return options.data().isEmpty() && !options.statistics().isEmpty()
                    ? withStatistics(folder)
                    : withSamples(folder);
        }
    }

    /** Plans by what was found before; the model does not run. */
    private TunedPlan withStatistics(TemporaryFolder folder) throws IOException {
        Statistics statistics = SavedStatistics.read(options.statistics(), source);
        PreparedModel prepared =
                PreparedModel.of(source, statistics.preparations(), folder, options.threads());
        Workbench bench = new Workbench(prepared, recipe, null, null, options);
        notes.add(
                "planned by the statistics of %d samples in %s, without running the model: nothing was tried out%s"
                        .formatted(
                                statistics.samples(),
                                options.statistics().stream()
                                        .map(Path::toString)
                                        .collect(Collectors.joining(", ")),
                                leftOut()));
        return tuned(bench, new Candidate(List.of(), statistics, bench.firstChoices()));
    }

    /** The plan was made for the prepared model in its temporary file. */
    private TunedPlan tuned(Workbench bench, Candidate best) throws IOException {
        Workbench last =
                wanted.equals(recipe)
                        ? bench
                        : new Workbench(bench.prepared(), wanted, null, null, options);
        return new TunedPlan(
                last.plan(best).ofModel(String.valueOf(source.getFileName())), warnings, notes);
    }

    private String leftOut() {
        return improvements.isEmpty()
                ? ""
                : "; left out: "
                        + improvements.stream()
                                .map(Improvement::title)
                                .collect(Collectors.joining(", "));
    }

    private TunedPlan withSamples(TemporaryFolder folder) throws IOException, InterruptedException {
        try (Samples samples =
                ComparisonSamples.open(
                        source,
                        options.data(),
                        dataOptions(),
                        recipe.seed(),
                        TuningOptions.RANDOM_SAMPLES)) {
            PreparedModel prepared = PreparedModel.of(source, ALWAYS, folder, options.threads());
            if (samples.random()) {
                return withoutData(prepared, samples);
            }
            int forTrials = HeldOut.count(samples, options.trialSamples());
            Workbench bench =
                    new Workbench(
                            prepared,
                            recipe,
                            HeldOut.rest(samples, forTrials),
                            OutputTrials.of(
                                    source,
                                    samples,
                                    forTrials == 0 ? options.trialSamples() : forTrials,
                                    options.threads()),
                            options);
            Candidate first = first(bench, improvements);
            if (!options.statistics().isEmpty()) {
                SavedStatistics.write(
                        options.statistics().getFirst(), first.statistics(), source, ALWAYS);
            }
            ImprovementSearch.Found found =
                    new ImprovementSearch(
                                    bench,
                                    wanted.equals(recipe) ? WORTHWHILE : WORTHWHILE_IN_FEW_BITS,
                                    improvements,
                                    notes)
                            .run(first);
            Candidate best =
                    new LossLimit(bench, warnings, notes).apply(source, samples, found.candidate());
            notes.addFirst(summary(bench, first, best, found.titles()));
            return tuned(bench, best);
        }
    }

    private String summary(Workbench bench, Candidate first, Candidate best, List<String> kept)
            throws IOException {
        long left = layersLeftFloat(bench, first, best.choices());
        int samples = bench.trialSamples();
        return String.format(
                Locale.ROOT,
                "%srelative output error %.3g on %s%s%s%s",
                wanted.equals(recipe) ? "" : "activations alone, weights of 8 bits: ",
                bench.loss(best),
                samples == 1 ? "one sample" : samples + " samples",
                best.equals(first)
                        ? ""
                        : String.format(Locale.ROOT, ", before tuning %.3g", bench.loss(first)),
                kept.isEmpty() ? "" : "; " + String.join(", ", kept),
                left == 0
                        ? ""
                        : "; " + left + (left == 1 ? " layer" : " layers") + " left in float");
    }

    /** Layers that could compute in integers, or be stored in few bits, and were left alone. */
    private static long layersLeftFloat(Workbench bench, Candidate first, IntegerChoices choices)
            throws IOException {
        return bench.planner(first).layers().stream()
                .filter(
                        layer ->
                                choices.floatWeights().containsKey(layer.tensor())
                                        || layer.nodes().stream()
                                                .anyMatch(choices.keptFloat()::containsKey))
                .count();
    }

    /** Plans by random inputs, and by what the model itself says of its values. */
    private TunedPlan withoutData(PreparedModel prepared, Samples samples)
            throws IOException, InterruptedException {
        Workbench bench = new Workbench(prepared, recipe, samples, null, options);
        Candidate random = first(bench, List.of());
        Model original = OnnxReader.read(source);
        if (!original.graph().isSorted()) {
            original.graph().sort();
        }
        Statistics statistics = NormalizedValues.apply(original, random.statistics());
        warnings.add(
                "there is no data, so the levels of activations follow from random inputs%s: the result may be useless on real ones. Give some dozens of real samples"
                        .formatted(
                                original.graph().nodes().stream()
                                                .anyMatch(node -> node.is("BatchNormalization"))
                                        ? " and from batch normalizations"
                                        : ""));
        if (!improvements.isEmpty()) {
            notes.add("nothing was tried out on random inputs" + leftOut());
        }
        return tuned(bench, new Candidate(List.of(), statistics, random.choices()));
    }

    private Candidate first(Workbench bench, List<Improvement> wishes)
            throws IOException, InterruptedException {
        Statistics statistics =
                bench.calibrate(
                        bench.prepared().file(), observations(bench, wishes), options.samples());
        warnings.addAll(statistics.warnings());
        return new Candidate(List.of(), statistics, bench.firstChoices());
    }

    private static List<Observation> observations(Workbench bench, List<Improvement> wishes)
            throws IOException {
        StaticPlanner planner =
                new StaticPlanner(bench.prepared().read(), bench.recipe(), bench.firstChoices());
        Map<String, Observation> wanted = new LinkedHashMap<>();
        planner.observed().forEach(name -> wanted.put(name, Observation.ofTensor(name)));
        for (Improvement improvement : wishes) {
            for (Observation each : improvement.observations(bench)) {
                wanted.merge(each.value(), each, StaticTuning::moreDetailed);
            }
        }
        return List.copyOf(wanted.values());
    }

    private static Observation moreDetailed(Observation one, Observation other) {
        return one.detail().compareTo(other.detail()) >= 0 ? one : other;
    }

    private DataOptions dataOptions() {
        return DataOptions.defaults().beside(source).withTokenizer(options.tokenizer());
    }
}
