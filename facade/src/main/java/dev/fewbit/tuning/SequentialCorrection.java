package dev.fewbit.tuning;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Correction.ChannelGain;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Corrections of layers by what the quantized network is seen to do, layer after layer. */
final class SequentialCorrection {
    private static final String SHIFTED =
            "gives the outputs the means that they have in the float network";
    private static final String GAINED =
            "brings what comes from the rounded layers before nearer to the float network";

    /** Bytes of what a layer reads that are kept while it is fitted. */
    private static final long MOST_INPUT = 256L << 20;

    private final Workbench bench;
    private final LayerTargets targets;
    private final NetworkPrefix prefix;
    private final SampleRuns runs;
    private Candidate candidate;
    private Plan plan;

    /**
     * @param targets what the layers should make
     * @param candidate what is to be corrected
     */
    SequentialCorrection(Workbench bench, LayerTargets targets, Candidate candidate)
            throws IOException {
        this.bench = bench;
        this.targets = targets;
        this.prefix = new NetworkPrefix(bench.prepared());
        this.runs = new SampleRuns(bench.options().threads());
        this.candidate = candidate;
        this.plan = bench.plan(candidate);
    }

    /** The candidate with the corrections so far. */
    Candidate corrected() {
        return candidate;
    }

    /** Corrects layers that do not depend on each other; all layers before have been. */
    void correct(List<CorrectableLayer> layers) throws IOException, InterruptedException {
        PlanIndex index = new PlanIndex(plan);
        List<CorrectableLayer> fitted =
                layers.stream().filter(layer -> LayerTargets.isFitted(layer, index)).toList();
        if (!fitted.isEmpty()) {
            fit(fitted);
        }
        shift(layers);
    }

    private void fit(List<CorrectableLayer> layers) throws IOException, InterruptedException {
        Map<CorrectableLayer, String> names = new LinkedHashMap<>();
        Path file =
                prefix.quantized(
                        plan, candidate.corrections(), layers, NetworkPrefix.End.INPUT, names);
        List<Map<String, NumberArray>> inputs = runs.whole(file, kept(file));
        List<Correction> gains = new ArrayList<>();
        Map<String, RangeMethod> ranges = new LinkedHashMap<>(candidate.choices().weightRanges());
        for (CorrectableLayer layer : layers) {
            String name = Objects.requireNonNull(names.get(layer));
            List<NumberArray> read =
                    inputs.stream().map(each -> Objects.requireNonNull(each.get(name))).toList();
            List<Float> factors = gains(layer, read);
            if (factors.stream().anyMatch(factor -> factor != 1)) {
                gains.add(new ChannelGain(layer.label(), factors, GAINED));
            }
            ranges.put(layer.layer().weightName(), range(layer, read, factors));
        }
        candidate =
                candidate
                        .with(gains, candidate.statistics())
                        .with(candidate.choices().withWeightRanges(ranges));
        plan = bench.plan(candidate);
    }

    /** As many samples as fit into memory with what the prefix delivers. */
    private List<Sample> kept(Path file) throws InterruptedException {
        List<Sample> samples = targets.samples();
        long bytes =
                runs.whole(file, samples.subList(0, 1)).getFirst().values().stream()
                        .mapToLong(array -> array.bytes().remaining())
                        .sum();
        return samples.subList(0, Math.clamp(MOST_INPUT / Math.max(1, bytes), 1, samples.size()));
    }

    private List<Float> gains(CorrectableLayer layer, List<NumberArray> read) {
        int channels = layer.layer().inputChannels().channels();
        SampledValues should = targets.input(layer).orElse(null);
        if (should == null || read.size() < targets.samples().size()) {
            return Collections.nCopies(channels, 1f);
        }
        SampledValues is = new SampledValues(layer.outputAxis(), targets.places());
        for (int i = 0; i < read.size(); i++) {
            is.add(read.get(i), is.part(read.get(i), i));
        }
        return LayerFitting.gains(should, is, channels);
    }

    private RangeMethod range(CorrectableLayer layer, List<NumberArray> read, List<Float> gains)
            throws IOException, InterruptedException {
        LinearLayer linear = layer.layer();
        double[] factors = gains.stream().mapToDouble(Float::doubleValue).toArray();
        int samples = Math.min(read.size(), Math.ceilDiv(targets.samples().size(), 2));
        return new LayerFitting(runs, samples, targets.places())
                .range(
                        layer,
                        linear.inputChannels().scaled(linear.weights(), factors),
                        new PlanIndex(plan).weight(linear.weightName()).orElseThrow(),
                        new WeightTrials(bench.prepared(), layer, read),
                        new LayerFitting.Target(
                                targets.matching(layer),
                                targets.importance(layer),
                                targets.output(layer)));
    }

    private void shift(List<CorrectableLayer> layers) throws IOException, InterruptedException {
        Map<CorrectableLayer, String> names = new LinkedHashMap<>();
        Path file =
                prefix.quantized(
                        plan, candidate.corrections(), layers, NetworkPrefix.End.OUTPUT, names);
        Map<String, Integer> wanted = new LinkedHashMap<>();
        names.forEach((layer, name) -> wanted.put(name, layer.outputAxis()));
        Map<String, SampledValues> actual =
                runs.sampled(file, wanted, targets.samples(), targets.places());
        BiasRoom room = new BiasRoom(plan);
        List<BiasShift> shifts = new ArrayList<>();
        names.forEach(
                (layer, name) ->
                        room.shift(layer)
                                .between(
                                        targets.output(layer),
                                        Objects.requireNonNull(actual.get(name)),
                                        targets.matching(layer))
                                .ifPresent(
                                        shift ->
                                                shifts.add(
                                                        new BiasShift(
                                                                layer.label(), shift, SHIFTED))));
        candidate = candidate.with(shifts, candidate.statistics());
    }
}
