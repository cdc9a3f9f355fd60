package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Plan;
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
 * Corrects layers one after the other, each on what the layers before it make when they are
 * quantized and corrected. So rounding of weights, rounding and clipping of activations, and what
 * earlier layers still get wrong are all made up for.
 *
 * <ul>
 *   <li>Biases are shifted so that channels keep the means that they have in the float network
 *       behind the activation function ({@link MeanMatching}; <a
 *       href="https://arxiv.org/abs/1906.04721">Nagel et al.</a>, empirical form).
 *   <li>Layers whose weights share one scale are fitted before ({@link LayerFitting}).
 * </ul>
 *
 * <p>Layers that do not depend on each other are corrected at once. The cost is that of running the
 * network half as often as it has layers in a row, twice where layers are fitted, on few samples.
 *
 * <p>Transformers consist of products whose means hardly drift, in rows too long for this: there
 * {@code b += E[x] (W - rounded W)}, which takes the float network's means of the inputs only.
 */
final class LayerCorrection implements Improvement {

    /** Samples that means are taken over: 4 times as many change no accuracy. */
    static final int MOST_SAMPLES = 64;

    /** Means over fewer are not worth it. */
    static final int FEWEST_SAMPLES = 16;

    /** With more products than these, and more than convolutions, it is a transformer. */
    private static final int FEW_PRODUCTS = 12;

    @Override
    public String title() {
        return "correction layer by layer";
    }

    @Override
    public Optional<Candidate> propose(Workbench bench, Candidate current)
            throws IOException, InterruptedException {
        Plan plan = bench.plan(current);
        Model model = bench.corrected(current);
        List<CorrectableLayer> layers = CorrectableLayers.find(model, plan);
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        List<CorrectableLayer> local = localOnes(layers);
        List<CorrectableLayer> sequential = new ArrayList<>(layers);
        sequential.removeAll(local);
        Candidate corrected = current;
        if (!local.isEmpty()) {
            corrected = corrected.with(local(bench, current, plan, local), current.statistics());
        }
        if (!sequential.isEmpty()) {
            SequentialCorrection rest =
                    new SequentialCorrection(
                            bench, LayerTargets.of(bench, model, corrected, sequential), corrected);
            List<List<CorrectableLayer>> stages = stages(sequential);
            for (int stage = 0; stage < stages.size(); stage++) {
                bench.options().progress().update(title(), stage, stages.size());
                rest.correct(stages.get(stage));
            }
            corrected = rest.corrected();
        }
        return corrected.equals(current) ? Optional.empty() : Optional.of(corrected);
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

    /** Shifts that follow from the weights and the float network's means. */
    private static List<BiasShift> local(
            Workbench bench, Candidate current, Plan plan, List<CorrectableLayer> layers)
            throws IOException, InterruptedException {
        Map<String, Observation> wanted = new LinkedHashMap<>();
        for (CorrectableLayer layer : layers) {
            wanted.put(layer.output(), Observation.ofChannels(layer.output(), layer.outputAxis()));
            String input = layer.layer().input().name();
            wanted.putIfAbsent(input, Observation.ofChannels(input, -1));
        }
        List<Correction> kept = FloatNetwork.corrections(current);
        Path reference =
                kept.isEmpty()
                        ? bench.prepared().file()
                        : bench.prepared().write(FloatNetwork.of(bench, current), "reference.onnx");
        Statistics expected =
                bench.calibrate(reference, List.copyOf(wanted.values()), MOST_SAMPLES);
        ProductBias products = new ProductBias(plan, new BiasRoom(plan), expected);
        List<BiasShift> shifts = new ArrayList<>();
        layers.forEach(layer -> products.shift(layer).ifPresent(shifts::add));
        return shifts;
    }
}
