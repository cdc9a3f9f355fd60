package dev.fewbit.rounding;

import dev.fewbit.Progress;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.tuning.FloatNetwork;
import dev.fewbit.tuning.NetworkPrefix;
import dev.fewbit.tuning.PreparedModel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Rounds the layers of a network one after the other. Each layer sees what the layers before it
 * make when they are rounded and activations are quantized, and is rounded towards what the float
 * network makes at that place; where its outputs are added to something that is wrong already, the
 * sum is what counts, so that errors do not add up along residual connections. Biases make up for
 * what is left of wrong means.
 *
 * <p>Layers that do not depend on each other are one stage. For every stage both networks run on
 * all samples as far as the stage; nothing is kept but the moments of its layers.
 */
public final class SequentialRounding {
    private final PreparedModel prepared;
    private final NetworkPrefix prefix;
    private final List<Sample> samples;
    private final PairedRuns runs;
    private final Workers workers;
    private final Progress progress;
    private final RoundedSoFar rounded;
    private final List<Correction> corrections;
    private final List<String> notes;
    private final Map<String, Rounding> roundings = new HashMap<>();
    private double logarithms;
    private int layers;

    private SequentialRounding(
            PreparedModel prepared,
            RoundedPlan before,
            List<Sample> samples,
            int threads,
            Progress progress) {
        this.prepared = prepared;
        this.prefix = new NetworkPrefix(prepared);
        this.samples = samples;
        this.runs = new PairedRuns(threads);
        this.workers = Workers.of(threads);
        this.progress = progress;
        this.rounded = new RoundedSoFar(before.weights());
        this.notes = new ArrayList<>(before.notes());
        this.corrections = new ArrayList<>(before.plan().graph().corrections());
    }

    /**
     * Rounds.
     *
     * @param prepared the float model, prepared as the plan says
     * @param plan what is to be done to it, with weights that are rounded already
     * @param samples what to run on, at least one
     * @param threads threads that work; the result is the same for any number
     */
    public static RoundedPlan run(
            PreparedModel prepared,
            RoundedPlan plan,
            List<Sample> samples,
            int threads,
            Progress progress)
            throws IOException, InterruptedException {
        return new SequentialRounding(prepared, plan, samples, threads, progress).run(plan.plan());
    }

    private RoundedPlan run(Plan plan) throws IOException, InterruptedException {
        Model model = prepared.read();
        GraphCorrector.apply(model, plan.graph().corrections());
        LayerSites sites = LayerSites.of(model, plan);
        List<RoundingStage> stages = RoundingStage.of(sites, notes);
        for (RoundingStage stage : stages) {
            stage.sites().forEach(site -> rounded.expect(site.plan().tensor()));
        }
        for (int stage = 0; stage < stages.size(); stage++) {
            progress.update("rounding", stage, stages.size());
            round(plan, stages.get(stage));
        }
        progress.update("rounding", stages.size(), stages.size());
        summarize(sites);
        return new RoundedPlan(done(plan), rounded.withoutNearest(), notes);
    }

    private void summarize(LayerSites sites) {
        if (layers > 0) {
            String gained =
                    logarithms == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "; errors of their outputs %.1f dB below those of nearest"
                                            + " levels",
                                    -10 * logarithms / layers);
            notes.add(
                    "%d layers rounded one after the other on %d samples%s"
                            .formatted(layers, samples.size(), gained));
        }
        sites.nearest()
                .forEach(
                        (tensor, reason) ->
                                notes.add(tensor + " is rounded to nearest levels: " + reason));
    }

    /** What was done: with the shifts of biases, and the rounding that each weight really got. */
    private Plan done(Plan plan) {
        GraphPlan graph = plan.graph();
        List<WeightPlan> weights =
                plan.weights().stream()
                        .map(
                                weight ->
                                        weight.rounding().needsData()
                                                ? weight.with(
                                                        roundings.getOrDefault(
                                                                weight.tensor(), Rounding.NEAREST))
                                                : weight)
                        .toList();
        return plan.withWeights(weights)
                .with(
                        new GraphPlan(
                                graph.preparation(),
                                corrections,
                                graph.activations(),
                                graph.operators()));
    }

    /** What became of the choice that {@link Rounding#AUTO} leaves. */
    private static Rounding really(Rounding wanted, LayerResult result) {
        if (wanted != Rounding.AUTO) {
            return wanted;
        }
        return result.error() < result.nearest() ? Rounding.DESCENT : Rounding.NEAREST;
    }

    private void round(Plan plan, RoundingStage stage) throws IOException, InterruptedException {
        List<LayerSite> sites = stage.sites();
        List<LayerSite> others = stage.shifted();
        Set<String> targets = new LinkedHashSet<>();
        for (LayerSite site : sites) {
            targets.add(site.target());
            targets.add(site.layer().output().name());
        }
        others.forEach(other -> targets.add(other.layer().output().name()));
        List<ChannelMeans> means = others.stream().map(ChannelMeans::new).toList();
        StageProbe probe = new StageProbe(sites, others);
        List<String> names = new ArrayList<>();
        List<LayerBundle> bundles = LayerBundle.of(sites);
        Deque<LayerMoments> moments = new ArrayDeque<>();
        bundles.forEach(bundle -> moments.add(new LayerMoments(bundle, samples.size())));
        runs.run(
                () -> prefix.floats(FloatNetwork.corrections(corrections), targets),
                () -> prefix.quantized(plan, corrections, rounded, probe, names),
                samples,
                (expected, actual) -> {
                    Map<LayerSite, StageProbe.Reads> reads = StageProbe.reads(sites, names);
                    Iterator<LayerMoments> each = moments.iterator();
                    bundles.forEach(
                            bundle -> collect(bundle, each.next(), reads, expected, actual));
                    List<String> outputs = StageProbe.outputs(others, names);
                    for (int i = 0; i < others.size(); i++) {
                        NumberArray made = get(actual, outputs.get(i));
                        String name = others.get(i).layer().output().name();
                        means.get(i)
                                .add(
                                        FloatArrays.of(get(expected, name)),
                                        FloatArrays.of(made),
                                        made.shape());
                    }
                });
        for (LayerBundle bundle : bundles) {
            // Taken off the list, so that they are gone when the next ones need room.
            List<LayerResult> results =
                    new BundleRounding(bundle, moments.remove(), false, workers).round();
            for (int k = 0; k < results.size(); k++) {
                keep(bundle.sites().get(k), results.get(k));
            }
        }
        for (int i = 0; i < others.size(); i++) {
            shift(others.get(i), means.get(i));
        }
    }

    private void shift(LayerSite site, ChannelMeans means) {
        means.shift()
                .ifPresent(
                        shift ->
                                corrections.add(
                                        new BiasShift(site.label(), shift, LayerResult.SHIFTED)));
    }

    private void keep(LayerSite site, LayerResult result) {
        rounded.put(site.plan().tensor(), result.weight());
        roundings.put(site.plan().tensor(), really(site.plan().rounding(), result));
        result.shift()
                .ifPresent(
                        shift ->
                                corrections.add(
                                        new BiasShift(site.label(), shift, LayerResult.SHIFTED)));
        if (result.nearest() > 0 && result.error() > 0) {
            logarithms += Math.log10(result.error() / result.nearest());
            layers++;
        }
    }

    private void collect(
            LayerBundle bundle,
            LayerMoments moments,
            Map<LayerSite, StageProbe.Reads> reads,
            Map<String, NumberArray> expected,
            Map<String, NumberArray> actual) {
        List<float[]> targets = new ArrayList<>();
        for (LayerSite site : bundle.sites()) {
            String added = Objects.requireNonNull(reads.get(site)).added();
            targets.add(target(site, expected, added == null ? null : get(actual, added)));
        }
        NumberArray input = get(actual, Objects.requireNonNull(reads.get(bundle.first())).input());
        moments.add(FloatArrays.of(input), input.shape(), targets, workers);
    }

    /** What is left for the layer of a sum; its own output where the sum is of another shape. */
    private static float[] target(
            LayerSite site, Map<String, NumberArray> expected, @Nullable NumberArray added) {
        NumberArray output = get(expected, site.layer().output().name());
        if (added == null || !Arrays.equals(output.shape(), added.shape())) {
            return FloatArrays.of(output);
        }
        float[] target = FloatArrays.of(get(expected, site.target()));
        FloatArrays.subtract(target, FloatArrays.of(added));
        return target;
    }

    private static NumberArray get(Map<String, NumberArray> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
