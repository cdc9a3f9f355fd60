package dev.fewbit.rounding;

import dev.fewbit.Progress;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.tuning.FloatNetwork;
import dev.fewbit.tuning.NetworkPrefix;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rounds every layer of a network on its own, in as many formats as one likes, as if nothing had
 * been done to the weights of all others. So what comes out for a layer can be put together with
 * whatever becomes of the others; {@link SequentialRounding} is better, but for one plan only.
 */
public final class IndependentRounding {
    /** Moments of so many bytes are collected in one run of the network. */
    private static final double MOST_MOMENTS = 256L << 20;

    private final NetworkPrefix prefix;
    private final Plan surroundings;
    private final List<Sample> samples;
    private final PairedRuns runs;
    private final Workers workers;
    private final Progress progress;

    private IndependentRounding(
            PreparedModel prepared,
            Plan surroundings,
            List<Sample> samples,
            int threads,
            Progress progress) {
        this.prefix = new NetworkPrefix(prepared);
        this.surroundings = surroundings;
        this.samples = samples;
        this.runs = new PairedRuns(threads);
        this.workers = Workers.of(threads);
        this.progress = progress;
    }

    /** Is given the layers in the order of the graph. */
    @FunctionalInterface
    public interface Visitor {
        /** A layer, of which nothing is left after the call. */
        void visit(RoundableLayer layer) throws IOException;
    }

    /**
     * Visits the layers of a network.
     *
     * @param prepared the float model, prepared as the plan says
     * @param plan names the weights, all to be rounded by data
     * @param surroundings what is done to the rest of the network, weights with so many bits that
     *     it does not matter
     * @param samples what to run on, at least one
     * @param threads threads that work; the result is the same for any number
     * @param wanted which tensors to visit
     * @return the tensors among these that cannot be rounded by data, each with the reason
     */
    public static Map<String, String> run(
            PreparedModel prepared,
            Plan plan,
            Plan surroundings,
            List<Sample> samples,
            int threads,
            Progress progress,
            Predicate<String> wanted,
            Visitor visitor)
            throws IOException, InterruptedException {
        Model model = prepared.read();
        GraphCorrector.apply(model, plan.graph().corrections());
        LayerSites sites = LayerSites.of(model, plan);
        List<LayerSite> alone = sites.sites().stream().map(LayerSite::alone).toList();
        new IndependentRounding(prepared, surroundings, samples, threads, progress)
                .run(alone, site -> wanted.test(site.plan().tensor()), visitor);
        return Map.copyOf(sites.nearest());
    }

    /**
     * Which layers share a run of the network does not depend on which ones are wanted: a network
     * with other outputs is optimized in another way, and differs in the last digits.
     */
    private void run(List<LayerSite> sites, Predicate<LayerSite> wanted, Visitor visitor)
            throws IOException, InterruptedException {
        int done = 0;
        while (done < sites.size()) {
            int end = done + 1;
            double bytes = bytes(sites.get(done));
            while (end < sites.size() && bytes + bytes(sites.get(end)) <= MOST_MOMENTS) {
                bytes += bytes(sites.get(end++));
            }
            if (sites.subList(done, end).stream().anyMatch(wanted)) {
                visit(sites, done, end, wanted, visitor);
            }
            done = end;
        }
        progress.update("rounding", sites.size(), Math.max(1, sites.size()));
    }

    /** Of the moments of a layer. */
    private static double bytes(LayerSite site) {
        LayerBundle bundle = new LayerBundle(List.of(site));
        double groups = site.layer().outputChannels().groups();
        return 2.0 * Double.BYTES * bundle.columns() * (groups * bundle.columns() + bundle.rows());
    }

    private void visit(
            List<LayerSite> all, int first, int end, Predicate<LayerSite> wanted, Visitor visitor)
            throws IOException, InterruptedException {
        List<LayerSite> sites = all.subList(first, end);
        progress.update("rounding", first, all.size());
        List<Correction> corrections = surroundings.graph().corrections();
        Set<String> targets = new LinkedHashSet<>();
        sites.forEach(site -> targets.add(site.target()));
        List<String> names = new ArrayList<>();
        Deque<Gathered> gathered = new ArrayDeque<>();
        for (int i = 0; i < sites.size(); i++) {
            if (wanted.test(sites.get(i))) {
                LayerBundle bundle = new LayerBundle(List.of(sites.get(i)));
                gathered.add(new Gathered(i, bundle, new LayerMoments(bundle, samples.size())));
            }
        }
        runs.run(
                () -> prefix.floats(FloatNetwork.corrections(corrections), targets),
                () ->
                        prefix.quantized(
                                surroundings,
                                corrections,
                                RoundedWeights.NONE,
                                new StageProbe(sites),
                                names),
                samples,
                (expected, actual) -> {
                    for (Gathered each : gathered) {
                        NumberArray input = get(actual, names.get(each.place()));
                        NumberArray output = get(expected, sites.get(each.place()).target());
                        each.moments()
                                .add(
                                        FloatArrays.of(input),
                                        input.shape(),
                                        List.of(FloatArrays.of(output)),
                                        workers);
                    }
                });
        while (!gathered.isEmpty()) {
            // Taken off the list, so that they are gone when the next ones need room.
            Gathered next = gathered.remove();
            progress.update("rounding", first + next.place(), all.size());
            visitor.visit(
                    new RoundableLayer(
                            sites.get(next.place()),
                            new BundleRounding(next.bundle(), next.moments(), true, workers)));
        }
    }

    /** What is known of a wanted layer, the one at a place among those of a run. */
    private record Gathered(int place, LayerBundle bundle, LayerMoments moments) {}

    private static NumberArray get(Map<String, NumberArray> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
