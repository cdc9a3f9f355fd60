package dev.fewbit.search;

import dev.fewbit.FewbitException;
import dev.fewbit.core.allocation.Budget;
import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.ParetoFront;
import dev.fewbit.core.findings.SearchLimits;
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
    private static final String GENERATION = "1";

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
        Optional<LossBound> bound =
                LossBound.of(
                        source, data, request.maximumLoss(), request.task(), request.threads());
        Fitted fitted = fitted(space, trials, bound);
        deliver(fitted.choice(), space);
        Choice choice = fitted.choice();
        if (request.refines()) {
            choice = Repair.run(trials, choice, fitted.budget(), request.progress());
            if (!choice.equals(fitted.choice()) && fits(choice, space)) {
                deliver(choice, space);
            } else {
                choice = fitted.choice();
            }
        }
        double loss = trials.loss(choice);
        Map<FixedPrecision, Double> fixed = new LinkedHashMap<>();
        List<FixedPrecision> widths = FixedPrecision.of(space, request);
        for (FixedPrecision width : widths) {
            request.progress().update("fixed precision", fixed.size(), widths.size());
            fixed.put(width, trials.loss(width.choice()));
        }
        SearchSummary summary =
                new SearchSummary(
                        space,
                        fixed,
                        choice,
                        loss,
                        divergence.measure(),
                        limits(),
                        request.maximumLatency().isPresent()
                                ? OptionalDouble.of(latencies.other())
                                : OptionalDouble.empty());
        RoundedPlan delivered = explained(assembly.rounded(space.options(choice)), space, choice);
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
            Refinement refined =
                    new Refinement(prepared, assembly, trials, known, samples, request);
            Refinement.Result result = refined.of(choice, loss);
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "rounded once more, layer after layer: %.4g instead of %.4g%s",
                            result.loss(),
                            loss,
                            result.better() ? "" : ", so it was left as it was"));
            notes.addAll(result.notes());
            if (result.better() && fits(result.rounded().plan())) {
                delivered = explained(result.rounded(), space, choice);
                delivery.deliver(delivered);
            }
        }
        return new SearchOutcome(delivered, summary, notes);
    }

    private SearchLimits limits() throws IOException {
        return new SearchLimits(
                request.maximumBytes().isPresent() ? request.maximumBytes().getAsLong() : null,
                request.maximumLoss().isPresent() ? request.maximumLoss().getAsDouble() : null,
                request.maximumLatency().isPresent()
                        ? latencies.limit(request.maximumLatency().get())
                        : null);
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

    private Fitted fitted(SearchSpace space, Trials trials, Optional<LossBound> bound)
            throws IOException, InterruptedException {
        boolean free = request.maximumBytes().isEmpty() && request.maximumLatency().isEmpty();
        if (free) {
            Choice choice = smallest(space, bound.orElseThrow());
            return new Fitted(choice, Budget.none().withBytes(choice.bytes()));
        }
        Fitted fitted = new Fitting(space, trials, latencies, request, this::bytes).best();
        if (bound.isPresent()) {
            double loss = loss(bound.get(), space, fitted.choice());
            if (!(loss <= bound.get().limit())) {
                Choice smallest = smallest(space, bound.get());
                throw new FewbitException(
                        "no model within the limits loses %s or less: the best one found has a %s of %.4g. The smallest one found that does takes %,d bytes"
                                .formatted(
                                        bound.get().limit(),
                                        bound.get().measure(divergence),
                                        loss,
                                        space.bytes(smallest)));
            }
        }
        return fitted;
    }

    private double loss(LossBound bound, SearchSpace space, Choice choice)
            throws IOException, InterruptedException {
        return bound.loss(assembly.write(assembly.rounded(space.options(choice))), divergence);
    }

    /** Of the file. */
    private long bytes(SearchSpace space, Choice choice) throws IOException {
        return delivery.bytes(assembly.rounded(space.options(choice)).plan());
    }

    private boolean fits(Choice choice, SearchSpace space) throws IOException {
        return fits(assembly.rounded(space.options(choice)).plan());
    }

    private boolean fits(Plan plan) throws IOException {
        return request.maximumBytes().isEmpty()
                || delivery.bytes(plan) <= request.maximumBytes().getAsLong();
    }

    /** The smallest network on the front that loses no more than it may, found by halving. */
    private Choice smallest(SearchSpace space, LossBound bound)
            throws IOException, InterruptedException {
        List<Choice> front = ParetoFront.of(space.items());
        double least = loss(bound, space, front.getLast());
        if (!(least <= bound.limit())) {
            throw new FewbitException(
                    "the %s is %.4g even with as many bits as are allowed, and at most %s may be lost; allow more, or more bits and formats (--bits, --formats)"
                            .formatted(bound.measure(divergence), least, bound.limit()));
        }
        int misses = -1;
        int meets = front.size() - 1;
        while (meets - misses > 1) {
            int middle = (meets + misses) / 2;
            request.progress().update("looking for the smallest", misses + 1, front.size());
            if (loss(bound, space, front.get(middle)) <= bound.limit()) {
                meets = middle;
            } else {
                misses = middle;
            }
        }
        return front.get(meets);
    }

    private void deliver(Choice choice, SearchSpace space) throws IOException {
        delivery.deliver(explained(assembly.rounded(space.options(choice)), space, choice));
    }

    /** The plan with a reason for each weight. */
    private static RoundedPlan explained(RoundedPlan rounded, SearchSpace space, Choice choice) {
        return new RoundedPlan(
                Explanations.of(space, choice).apply(rounded.plan()),
                rounded.weights(),
                rounded.notes());
    }
}
