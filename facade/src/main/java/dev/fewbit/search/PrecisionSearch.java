package dev.fewbit.search;

import dev.fewbit.FewbitException;
import dev.fewbit.core.allocation.Allocation;
import dev.fewbit.core.allocation.Budget;
import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.Option;
import dev.fewbit.core.allocation.ParetoFront;
import dev.fewbit.core.findings.SearchLimits;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
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

/**
 * Finds the best network of a size: measures what every weight loses in every format, allocates
 * bits exactly, measures whole networks where losses do not add up, and rounds the chosen one as
 * well as is known. Everything that was measured is kept, so that another budget takes seconds, and
 * nothing is lost when the process ends; the best network so far is always delivered.
 */
public final class PrecisionSearch {
    /** Of what is kept; another number makes everything be measured anew. */
    private static final String GENERATION = "1";

    /** Of a limit of the size, the share by which less is allotted at first. */
    private static final long FINEST_STEP = 2000;

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
                        FileHash.sha256(source),
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
        Fitted fitted = fitted(space, bound);
        deliver(fitted.choice(), space);
        Choice choice = fitted.choice();
        if (request.refines()) {
            choice =
                    Repair.run(
                            trials,
                            choice,
                            Budget.none().withBytes(fitted.budget()),
                            request.progress());
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
                new SearchSummary(space, fixed, choice, loss, divergence.measure(), limits());
        RoundedPlan delivered = assembly.rounded(space.options(choice));
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

    private SearchLimits limits() {
        return new SearchLimits(
                request.maximumBytes().isPresent() ? request.maximumBytes().getAsLong() : null,
                request.maximumLoss().isPresent() ? request.maximumLoss().getAsDouble() : null,
                null);
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
        return SearchSpace.of(menus, sizes, sensitivity);
    }

    /**
     * A network that keeps the limits.
     *
     * @param budget what its options may take, as the allocation counts
     */
    private record Fitted(Choice choice, long budget) {}

    private Fitted fitted(SearchSpace space, Optional<LossBound> bound)
            throws IOException, InterruptedException {
        if (request.maximumBytes().isEmpty()) {
            Choice choice = smallest(space, bound.orElseThrow());
            return new Fitted(choice, choice.bytes());
        }
        Fitted fitted = largest(space, request.maximumBytes().getAsLong());
        if (bound.isPresent()) {
            double loss = loss(bound.get(), space, fitted.choice());
            if (!(loss <= bound.get().limit())) {
                Choice smallest = smallest(space, bound.get());
                throw new FewbitException(
                        "no model of %,d bytes is within the loss of %s: the best one found has a %s of %.4g. The smallest one found that is takes %,d bytes"
                                .formatted(
                                        request.maximumBytes().getAsLong(),
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

    /**
     * The best network within a size. What a weight takes depends a little on the others, because
     * nodes share constants; so less and less is allotted until the file is small enough.
     */
    private Fitted largest(SearchSpace space, long most) throws IOException {
        long smallest = space.items().stream().mapToLong(PrecisionSearch::least).sum();
        long allotted = most - space.fixedBytes();
        long step = Math.max(1, most / FINEST_STEP);
        while (allotted >= smallest) {
            Choice choice = Allocation.best(space.items(), Budget.none().withBytes(allotted));
            long excess = bytes(space, choice) - most;
            if (excess <= 0) {
                return new Fitted(choice, allotted);
            }
            boolean last = allotted == smallest;
            allotted -= Math.max(excess, step);
            allotted = last || allotted >= smallest ? allotted : smallest;
            step *= 2;
        }
        Choice choice = Allocation.best(space.items(), Budget.none().withBytes(smallest));
        throw new FewbitException(
                "a model of %,d bytes cannot be made: the smallest one takes %,d bytes. Allow as much, or more formats or fewer bits (--formats, --bits); %d weights can be quantized, all else stays as it is"
                        .formatted(
                                most,
                                bytes(space, choice),
                                space.menus().size()));
    }

    private static long least(List<Option> options) {
        return options.stream().mapToLong(Option::bytes).min().orElse(0);
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
