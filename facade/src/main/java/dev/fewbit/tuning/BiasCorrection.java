package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Shifts biases so that the quantized network keeps the means of the float network's channels (<a
 * href="https://arxiv.org/abs/1906.04721">Nagel et al.</a>, empirical form).
 *
 * <p>Layers are corrected one after the other, each on what the layers before it make when they are
 * quantized and corrected: {@code b[c] += mean(float output[c]) - mean(quantized output[c])},
 * before Relu. So rounding of weights, rounding and clipping of activations, and what earlier
 * layers still get wrong are all made up for. Layers that do not depend on each other are corrected
 * at once. The cost is that of running the network half as often as it has layers in a row, on few
 * samples.
 *
 * <p>Transformers consist of products whose means hardly drift, in rows too long for this: there
 * {@code b += E[x] (W - rounded W)}, which takes the float network's means of the inputs only.
 */
final class BiasCorrection implements Improvement {

    /** Samples that means are taken over: 4 times as many change no accuracy. */
    static final int MOST_SAMPLES = 64;

    /** Means over fewer are not worth it. */
    static final int FEWEST_SAMPLES = 16;

    /** Multiplications that all runs together may take: one or two minutes. */
    private static final double MOST_MULTIPLICATIONS = 0x1p41;

    /** With more products than these, and more than convolutions, it is a transformer. */
    private static final int FEW_PRODUCTS = 12;

    @Override
    public String title() {
        return "bias correction";
    }

    @Override
    public Optional<Candidate> propose(Workbench bench, Candidate current)
            throws IOException, InterruptedException {
        Plan plan = bench.plan(current);
        List<CorrectableLayer> layers = CorrectableLayers.find(bench.corrected(current), plan);
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        List<CorrectableLayer> local = localOnes(layers);
        List<CorrectableLayer> sequential = new ArrayList<>(layers);
        sequential.removeAll(local);

        Path reference = reference(bench, current);
        List<Observation> wanted = observations(layers, local);
        KeptSamples samples = bench.firstSamples(MOST_SAMPLES);
        int count = samples(bench.calibrate(reference, wanted, samples, 1), layers, sequential);
        Statistics expected = bench.calibrate(reference, wanted, samples, count);

        BiasRoom room = new BiasRoom(plan);
        List<BiasShift> shifts = new ArrayList<>();
        ProductBias products = new ProductBias(plan, room, expected);
        local.forEach(layer -> products.shift(layer).ifPresent(shifts::add));
        SequentialBias rest = new SequentialBias(bench, plan, room, expected, samples, count);
        List<List<CorrectableLayer>> stages = stages(sequential);
        for (int stage = 0; stage < stages.size(); stage++) {
            bench.options().progress().update(title(), stage, stages.size());
            List<Correction> before = new ArrayList<>(current.corrections());
            before.addAll(shifts);
            shifts.addAll(rest.shifts(before, stages.get(stage)));
        }
        return shifts.isEmpty()
                ? Optional.empty()
                : Optional.of(current.with(shifts, current.statistics()));
    }

    private static List<List<CorrectableLayer>> stages(List<CorrectableLayer> layers) {
        SortedMap<Integer, List<CorrectableLayer>> stages = new TreeMap<>();
        for (CorrectableLayer layer : layers) {
            stages.computeIfAbsent(layer.stage(), _ -> new ArrayList<>()).add(layer);
        }
        return List.copyOf(stages.values());
    }

    private static List<CorrectableLayer> localOnes(List<CorrectableLayer> layers) {
        List<CorrectableLayer> products =
                layers.stream().filter(CorrectableLayer::isProduct).toList();
        boolean transformer = products.size() > FEW_PRODUCTS && 2 * products.size() > layers.size();
        return transformer ? products : List.of();
    }

    /**
     * The float network to compare with: without shifts of biases, which are there for the
     * quantized one.
     */
    private static Path reference(Workbench bench, Candidate current) throws IOException {
        List<Correction> kept =
                current.corrections().stream()
                        .filter(each -> !(each instanceof BiasShift))
                        .toList();
        if (kept.isEmpty()) {
            return bench.prepared().file();
        }
        Model model = bench.prepared().read();
        GraphCorrector.apply(model, kept);
        return bench.prepared().write(model, "reference.onnx");
    }

    private static List<Observation> observations(
            List<CorrectableLayer> layers, List<CorrectableLayer> local) {
        Map<String, Observation> wanted = new LinkedHashMap<>();
        for (CorrectableLayer layer : layers) {
            wanted.put(layer.output(), Observation.ofChannels(layer.output(), layer.outputAxis()));
        }
        for (CorrectableLayer layer : local) {
            String input = layer.layer().input().name();
            wanted.putIfAbsent(input, Observation.ofChannels(input, -1));
        }
        return List.copyOf(wanted.values());
    }

    /** How many samples the work allows; the same for any machine. */
    private static int samples(
            Statistics first, List<CorrectableLayer> layers, List<CorrectableLayer> sequential) {
        double once = 0;
        for (CorrectableLayer layer : layers) {
            long outputs = first.find(layer.output()).map(TensorStatistics::count).orElse(0L);
            once += (double) outputs * layer.productsPerOutput();
        }
        long runs = sequential.stream().mapToInt(CorrectableLayer::stage).distinct().count();
        double each = once * (1 + runs / 2.0);
        return (int) Math.clamp(MOST_MULTIPLICATIONS / each, FEWEST_SAMPLES, MOST_SAMPLES);
    }
}
