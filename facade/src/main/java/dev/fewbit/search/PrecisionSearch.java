package dev.fewbit.search;

import dev.fewbit.FewbitException;
import dev.fewbit.core.allocation.Budget;
import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.rounding.RoundedPlan;
import dev.fewbit.runtime.calibrate.FileHash;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.tuning.KeptSamples;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the best network of a size: measures what every weight loses in every format, allocates
 * bits exactly, measures whole networks where losses do not add up, and rounds the chosen one as
 * well as is known. Everything that was measured is kept, so that another budget takes seconds, and
 * nothing is lost when the process ends; the best network so far is always delivered.
 */
public final class PrecisionSearch {
    /** Of what is kept; another number makes everything be measured anew. */
    private static final String GENERATION = "3";

    private final Path source;
    private final SearchRequest request;
    private final Delivery delivery;
    private final Samples data;
    private final SearchSamples samples;
    private final Measurements known;
    private final PreparedModel prepared;
    private final StartingPoint start;
    private final Assembly assembly;
    private final OutputDivergence divergence;
    private final Latencies latencies;
    private final List<String> notes = new ArrayList<>();

    /** Takes the networks that are found. */
    public interface Delivery {
        /** The size of the file that a plan would make. */
        long bytes(Plan plan) throws IOException;

        /** Writes a network in place of the one before. */
        void deliver(RoundedPlan rounded) throws IOException;
    }

    private PrecisionSearch(
            Path source,
            SearchRequest request,
            Delivery delivery,
            Samples data,
            SearchSamples samples,
            Measurements known,
            StartingPoint start,
            PreparedModel prepared)
            throws IOException, InterruptedException {
        this.source = source;
        this.request = request;
        this.delivery = delivery;
        this.data = data;
        this.samples = samples;
        this.known = known;
        this.start = start;
        this.prepared = prepared;
        this.assembly = new Assembly(prepared, start, known);
        this.divergence =
                OutputDivergence.of(
                        source, data, samples.measuring(), request.task(), request.threads());
        this.latencies = new Latencies(source, assembly, known, request, samples.measuring());
    }

    /**
     * Searches.
     *
     * @param source the float model; only read
     * @param measurements folder in which what was measured is kept, for all models
     * @param delivery takes the best network so far, more than once
     * @throws FewbitException if the limits cannot be met, saying what can be reached
     */
    public static SearchOutcome run(
            Path source, SearchRequest request, Path measurements, Delivery delivery)
            throws IOException, InterruptedException {
        DataOptions options =
                DataOptions.defaults().beside(source).withTokenizer(request.tokenizer());
        try (Samples data =
                        ComparisonSamples.open(
                                source,
                                Optional.of(request.data()),
                                options,
                                request.seed(),
                                request.samples());
                TemporaryFolder folder = TemporaryFolder.create("fewbit-search")) {
            KeptSamples kept = KeptSamples.of(data, request.samples());
            SearchSamples samples = SearchSamples.of(kept.list());
            String name = name(source, request, kept);
            try (Measurements known = Measurements.open(measurements.resolve(name))) {
                StartingPoint start = StartingPoint.of(source, request, known);
                PreparedModel prepared =
                        PreparedModel.of(
                                source,
                                start.plan().graph().preparation(),
                                folder,
                                request.threads());
                return new PrecisionSearch(
                                source, request, delivery, data, samples, known, start, prepared)
                        .run();
            }
        }
    }

    /** Of all that changes what is measured. */
    private static String name(Path source, SearchRequest request, KeptSamples kept)
            throws IOException {
        String key =
                String.join(
                        "\n",
                        GENERATION,
                        hash(source),
                        SearchSamples.hash(kept.list()),
                        request.activations().map(Enum::name).orElse("usual"),
                        Integer.toString(request.activationBits()),
                        request.task().label(),
                        Long.toString(request.seed()));
        Path file = source.getFileName();
        return (file == null ? "model" : file.toString().replaceAll("[^A-Za-z0-9._-]", "_"))
                + "-"
                + Measurements.hash(key).substring(0, 12);
    }

    /** Of the model's file and of those beside it that its tensors lie in. */
    private static String hash(Path source) throws IOException {
        Set<Path> files = new TreeSet<>(OnnxReader.read(source).sourceFiles());
        List<String> hashes = new ArrayList<>();
        for (Path file : files) {
            hashes.add(FileHash.sha256(file));
        }
        return String.join("\n", hashes);
    }

    private SearchOutcome run() throws IOException, InterruptedException {
        if (start.plan().weights().isEmpty()) {
            throw new FewbitException(
                    "there is nothing to quantize in " + source + ": no constant float weights");
        }
        int before = known.size();
        SearchSpace space = space();
        Trials trials = new Trials(space, assembly, divergence, known);
        Limits limits =
                new Limits(
                        request,
                        LossBound.of(
                                source,
                                data,
                                request.maximumLoss(),
                                request.task(),
                                request.threads()),
                        divergence,
                        latencies,
                        assembly,
                        delivery);
        Fitted fitted = fitted(space, trials, limits);
        RoundedPlan delivered = deliver(assembled(fitted.choice(), space));
        Map<FixedPrecision, Double> fixed = fixed(space, trials);
        Choice choice = best(fitted.choice(), fixed, space, trials, limits);
        if (!choice.equals(fitted.choice())) {
            delivered = deliver(assembled(choice, space));
        }
        if (request.refines()) {
            Choice better = Repair.run(trials, choice, fitted.budget(), request.progress());
            RoundedPlan repaired = assembled(better, space);
            if (!better.equals(choice) && limits.keeps(repaired, trials, better)) {
                choice = better;
                delivered = deliver(repaired);
            }
        }
        double loss = trials.loss(choice);
        SearchSummary summary =
                new SearchSummary(
                        space,
                        fixed,
                        choice,
                        loss,
                        divergence.measure(),
                        limits.figures(),
                        request.maximumLatency().isPresent()
                                ? OptionalDouble.of(latencies.other())
                                : OptionalDouble.empty());
        notes.add(
                String.format(
                        Locale.ROOT,
                        "%d figures measured on %d samples, %d of them by searches before; %s %.4g",
                        known.size(),
                        samples.measuring().size(),
                        before,
                        divergence.measure(),
                        loss));
        if (request.refines()) {
            Refinement.Result result =
                    new Refinement(prepared, assembly, trials, known, samples, request)
                            .of(choice, loss);
            RoundedPlan refined = explained(result.rounded(), space, choice);
            boolean better = result.better() && limits.keeps(refined, trials, choice);
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "rounded once more, layer after layer: %.4g instead of %.4g%s",
                            result.loss(),
                            loss,
                            better ? "" : ", so it was left as it was"));
            notes.addAll(result.notes());
            if (better) {
                delivered = deliver(refined);
            }
        }
        return new SearchOutcome(delivered, summary, notes);
    }

    /**
     * The predicted best, unless a network of one width within the limits was measured to lose
     * less: where losses are large they do not add up at all.
     */
    private Choice best(
            Choice predicted,
            Map<FixedPrecision, Double> fixed,
            SearchSpace space,
            Trials trials,
            Limits limits)
            throws IOException, InterruptedException {
        Choice best = predicted;
        double least = trials.loss(predicted);
        for (Map.Entry<FixedPrecision, Double> network : fixed.entrySet()) {
            Choice choice = network.getKey().choice();
            // Where only the loss is limited, the smallest is looked for.
            boolean small = isLimited() || choice.bytes() <= predicted.bytes();
            if (small
                    && network.getValue() < least
                    && limits.keeps(assembled(choice, space), trials, choice)) {
                best = choice;
                least = network.getValue();
            }
        }
        if (!best.equals(predicted)) {
            notes.add(
                    "losses do not add up here: a network of one width loses less than the best"
                            + " predicted one");
        }
        return best;
    }

    /** What networks of one width lose, the widest first. */
    private Map<FixedPrecision, Double> fixed(SearchSpace space, Trials trials)
            throws IOException, InterruptedException {
        Map<FixedPrecision, Double> fixed = new LinkedHashMap<>();
        List<FixedPrecision> widths = FixedPrecision.of(space, request);
        for (FixedPrecision width : widths) {
            request.progress().update("fixed precision", fixed.size(), widths.size());
            fixed.put(width, trials.loss(width.choice()));
        }
        return fixed;
    }

    private SearchSpace space() throws IOException, InterruptedException {
        Model model = prepared.read();
        GraphCorrector.apply(model, start.plan().graph().corrections());
        List<Menu> all = Menus.of(model, request, start);
        SearchSpace.Sizes sizes = new SearchSpace.Sizes(all, assembly, known, request);
        List<Menu> menus =
                new OptionRounding(known, sizes::of)
                        .run(prepared, start, all, samples.rounding(), request);
        Sensitivity sensitivity = new Sensitivity(prepared, start, divergence, known, request);
        sensitivity.measure(menus);
        if (request.maximumLatency().isEmpty()) {
            return SearchSpace.of(menus, sizes, sensitivity, _ -> 0);
        }
        latencies.measure(menus);
        return SearchSpace.of(menus, sizes, sensitivity, latencies::of);
    }

    /** Whether size or time are limited. */
    private boolean isLimited() {
        return request.maximumBytes().isPresent() || request.maximumLatency().isPresent();
    }

    private Fitted fitted(SearchSpace space, Trials trials, Limits limits)
            throws IOException, InterruptedException {
        if (!isLimited()) {
            Choice choice = SmallestWithin.of(space, assembly, limits, divergence, request);
            return new Fitted(choice, Budget.none().withBytes(choice.bytes()));
        }
        Fitted fitted = new Fitting(space, trials, latencies, limits, request, this::bytes).best();
        if (limits.bound().isPresent()) {
            LossBound bound = limits.bound().get();
            double loss = limits.loss(assembly.rounded(space.options(fitted.choice())));
            if (!(loss <= bound.limit())) {
                Choice smallest = SmallestWithin.of(space, assembly, limits, divergence, request);
                throw new FewbitException(
                        "no model within the limits loses %s or less: the best one found has a %s of %.4g. The smallest one found that does takes %,d bytes"
                                .formatted(
                                        bound.limit(),
                                        bound.measure(divergence),
                                        loss,
                                        space.bytes(smallest)));
            }
        }
        return fitted;
    }

    /** Of the file. */
    private long bytes(SearchSpace space, Choice choice) throws IOException {
        return delivery.bytes(assembly.rounded(space.options(choice)).plan());
    }

    private RoundedPlan deliver(RoundedPlan rounded) throws IOException {
        delivery.deliver(rounded);
        return rounded;
    }

    /** The network of a choice, its weights rounded independently. */
    private RoundedPlan assembled(Choice choice, SearchSpace space) throws IOException {
        return explained(assembly.rounded(space.options(choice)), space, choice);
    }

    /** The plan with a reason for each weight. */
    private static RoundedPlan explained(RoundedPlan rounded, SearchSpace space, Choice choice) {
        return new RoundedPlan(
                Explanations.of(space, choice).apply(rounded.plan()),
                rounded.weights(),
                rounded.notes());
    }
}
