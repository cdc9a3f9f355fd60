package dev.fewbit.tuning;

import dev.fewbit.core.correct.ChannelBalancing;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.layer.SoleReader;
import dev.fewbit.runtime.data.Sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the layers of the float network make, at some places of some samples, and what counts. */
final class LayerTargets {
    /** Multiplications that all runs together may take: one or two minutes. */
    private static final double MOST_MULTIPLICATIONS = 0x1p41;

    /** Numbers of the float network that are kept: 128 MiB. */
    private static final long MOST_KEPT = 1 << 25;

    /** Places of a sample that are enough. */
    private static final int MOST_PLACES = 1024;

    private final Constants constants;
    private final List<Sample> samples;
    private final int places;
    private final Map<String, SampledValues> values;
    private final Map<String, double[]> importance = new HashMap<>();

    private LayerTargets(
            Model model, List<Sample> samples, int places, Map<String, SampledValues> values) {
        this.constants = new Constants(model);
        this.samples = samples;
        this.places = places;
        this.values = values;
    }

    /**
     * Runs the float network.
     *
     * @param model the candidate's corrected float model
     * @param candidate what is to be corrected
     * @param layers all layers that will be corrected
     */
    static LayerTargets of(
            Workbench bench, Model model, Candidate candidate, List<CorrectableLayer> layers)
            throws IOException, InterruptedException {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        Plan plan = bench.plan(candidate);
        PlanIndex index = new PlanIndex(plan);
        int channels = 0;
        for (CorrectableLayer layer : layers) {
            wanted.put(layer.output(), layer.outputAxis());
            channels += layer.layer().outputChannels().channels();
            if (isFitted(layer, index) && layer.layer().input().producer() != null) {
                wanted.putIfAbsent(layer.layer().input().name(), layer.outputAxis());
                channels += layer.layer().inputChannels().channels();
            }
        }
        Path file =
                new NetworkPrefix(bench.prepared())
                        .floats(FloatNetwork.corrections(candidate), wanted.keySet());
        SampleRuns runs = new SampleRuns(bench.options().threads());
        List<Sample> samples = bench.firstSamples(LayerCorrection.MOST_SAMPLES).list();
        Map<String, SampledValues> first = runs.sampled(file, wanted, samples.subList(0, 1), 1);
        samples = samples.subList(0, Math.min(samples.size(), count(first, layers)));
        long each = MOST_KEPT / ((long) channels * samples.size());
        int places = Math.clamp(each, 1, MOST_PLACES);
        LayerTargets targets =
                new LayerTargets(
                        model, samples, places, runs.sampled(file, wanted, samples, places));
        targets.weighErrors(EqualizedChains.find(model, plan, candidate.statistics()));
        return targets;
    }

    /** How many samples the work allows; the same for any machine. */
    private static int count(Map<String, SampledValues> first, List<CorrectableLayer> layers) {
        double once = 0;
        for (CorrectableLayer layer : layers) {
            SampledValues output = first.get(layer.output());
            once += output == null ? 0 : (double) output.elements() * layer.productsPerOutput();
        }
        long stages = layers.stream().mapToInt(CorrectableLayer::stage).distinct().count();
        double each = once * (1 + stages / 2.0);
        return Math.clamp(
                (long) (MOST_MULTIPLICATIONS / each),
                LayerCorrection.FEWEST_SAMPLES,
                LayerCorrection.MOST_SAMPLES);
    }

    private void weighErrors(List<EqualizedChains.Chain> chains) {
        for (EqualizedChains.Chain chain : chains) {
            List<double[]> weighs = ChannelBalancing.sensitivities(chain.layers(), chain.between());
            for (int k = 0; k < weighs.size(); k++) {
                importance.put(chain.pairs().get(k).first().output().name(), weighs.get(k));
            }
        }
    }

    /** Whether a layer has weights of its own that share one scale. */
    static boolean isFitted(CorrectableLayer layer, PlanIndex plan) {
        Value weight = layer.layer().node().input(1);
        return layer.layer().node().intAttribute("transA", 0) == 0
                && weight != null
                && SoleReader.of(weight) != null
                && plan.weight(layer.layer().weightName())
                        .filter(each -> each.grouping().kind() == Grouping.Kind.TENSOR)
                        .isPresent();
    }

    /** The samples. */
    List<Sample> samples() {
        return samples;
    }

    /** Places of each sample at most. */
    int places() {
        return places;
    }

    /** What a layer should make. */
    SampledValues output(CorrectableLayer layer) {
        return Objects.requireNonNull(values.get(layer.output()), layer::output);
    }

    /** What a layer should read; empty if that is an input of the model. */
    Optional<SampledValues> input(CorrectableLayer layer) {
        return Optional.ofNullable(values.get(layer.layer().input().name()));
    }

    /** What an error in each output channel of a layer weighs. */
    double[] importance(CorrectableLayer layer) {
        return importance.computeIfAbsent(
                layer.output(),
                _ -> {
                    double[] same = new double[layer.layer().outputChannels().channels()];
                    Arrays.fill(same, 1);
                    return same;
                });
    }

    /** The activation function behind a layer, where it stands in the way of all outputs. */
    MeanMatching matching(CorrectableLayer layer) {
        Node reader = SoleReader.of(layer.layer().output());
        return reader != null && IntegerOperators.of(reader, constants) instanceof Limits limits
                ? new MeanMatching(limits.low(), limits.high())
                : new MeanMatching(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
}
