package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class LayerCorrectionTest {
    /** Largest code of the weights; the smallest is one further away. */
    private static final int CODES = 15;

    @TempDir Path folder;

    @Test
    void channelsGetTheMeansOfTheFloatNetwork() throws IOException, InterruptedException {
        Path model = TunedNet.convolutions(folder.resolve("net.onnx"));
        try (TunedNet net = TunedNet.of(model, TunedNet.COARSE)) {
            Candidate before = net.start();
            Candidate after = new LayerCorrection().propose(net.bench(), before).orElseThrow();

            Plan plan = net.bench().plan(before);
            List<CorrectableLayer> layers =
                    CorrectableLayers.find(net.bench().corrected(before), plan);
            assertThat(layers)
                    .extracting(CorrectableLayer::label)
                    .containsExactly("first", "left", "right", "depthwise", "last");
            assertThat(layers).extracting(CorrectableLayer::stage).containsExactly(0, 1, 1, 2, 3);
            boolean shifted = false;
            for (CorrectableLayer layer : layers) {
                double[] tolerance = tolerance(layer, plan, net);
                double[] off = difference(layer, plan, before, net);
                double[] left = difference(layer, plan, after, net);
                for (int channel = 0; channel < left.length; channel++) {
                    assertThat(left[channel])
                            .as("%s, channel %d", layer.label(), channel)
                            .isLessThan(tolerance[channel]);
                    shifted |= off[channel] > 20 * tolerance[channel];
                }
            }
            // Else there would have been nothing to correct.
            assertThat(shifted).isTrue();
            assertThat(net.bench().loss(after)).isLessThan(net.bench().loss(before));
        }
    }

    /**
     * A bias is rounded to steps of the product of the scales: by half a step when the mean was
     * taken, and by half a step when the shifted bias is stored. To that comes what float
     * arithmetic may do to sums of so many products: each is rounded to 24 bits.
     */
    private static double[] tolerance(CorrectableLayer layer, Plan plan, TunedNet net)
            throws IOException, InterruptedException {
        double[] weights = layer.layer().outputChannels().magnitudes(layer.layer().weights());
        String input = layer.layer().input().name();
        double inputScale =
                plan.graph().activations().stream()
                        .filter(activation -> activation.value().equals(input))
                        .mapToDouble(activation -> activation.parameters().scale())
                        .findFirst()
                        .orElseThrow();
        SampledValues output = expected(layer, net);
        double[] tolerance = new double[weights.length];
        for (int channel = 0; channel < tolerance.length; channel++) {
            float magnitude = 0;
            for (float each : output.channel(channel)) {
                magnitude = Math.max(magnitude, Math.abs(each));
            }
            tolerance[channel] =
                    inputScale * weights[channel] / CODES
                            + layer.productsPerOutput() * magnitude * Math.ulp(1f);
        }
        return tolerance;
    }

    /** How far each channel's mean behind the activation is from that of the float network. */
    private static double[] difference(
            CorrectableLayer layer, Plan plan, Candidate candidate, TunedNet net)
            throws IOException, InterruptedException {
        Map<CorrectableLayer, String> names = new LinkedHashMap<>();
        Path prefix =
                new NetworkPrefix(net.bench().prepared())
                        .quantized(
                                plan,
                                candidate.corrections(),
                                List.of(layer),
                                NetworkPrefix.End.OUTPUT,
                                names);
        double[] expected = means(layer, expected(layer, net));
        double[] actual =
                means(layer, sampled(prefix, names.getOrDefault(layer, "missing"), layer, net));
        for (int channel = 0; channel < actual.length; channel++) {
            actual[channel] = Math.abs(actual[channel] - expected[channel]);
        }
        return actual;
    }

    private static SampledValues expected(CorrectableLayer layer, TunedNet net)
            throws IOException, InterruptedException {
        Path file =
                new NetworkPrefix(net.bench().prepared()).floats(List.of(), Set.of(layer.output()));
        return sampled(file, layer.output(), layer, net);
    }

    /** All places: a picture has fewer than that. */
    private static SampledValues sampled(
            Path model, String value, CorrectableLayer layer, TunedNet net)
            throws IOException, InterruptedException {
        List<Sample> samples = net.bench().firstSamples(TunedNet.SAMPLES).list();
        return new SampleRuns(1)
                .sampled(model, Map.of(value, layer.outputAxis()), samples, 1000)
                .get(value);
    }

    /** Only one layer has a Relu of its own. */
    private static double[] means(CorrectableLayer layer, SampledValues values) {
        boolean limited = layer.label().equals("first");
        double[] means = new double[values.channels()];
        for (int channel = 0; channel < means.length; channel++) {
            float[] all = values.channel(channel);
            for (float each : all) {
                means[channel] += (limited ? Math.max(each, 0) : each) / all.length;
            }
        }
        return means;
    }

    /** Samples for {@link TunedNet#convolutions}. */
    private Path data() throws IOException {
        return ConvolutionNet.data(folder.resolve("data.jsonl"), 0, TunedNet.SAMPLES, 10);
    }

    @Test
    void aConvolutionWithoutBiasGetsOne() throws IOException {
        Path model = TunedNet.convolutions(folder.resolve("net.onnx"));
        Path quantized = folder.resolve("small.onnx");
        Plan plan =
                Fewbit.quantize(model)
                        .recipe(TunedNet.COARSE)
                        .data(data())
                        .writeTo(quantized)
                        .plan();

        assertThat(plan.graph().corrections())
                .filteredOn(BiasShift.class::isInstance)
                .extracting(correction -> ((BiasShift) correction).node())
                .contains("left");
        Node left =
                OnnxReader.read(quantized).graph().nodes().stream()
                        .filter(node -> node.name().equals("left"))
                        .findFirst()
                        .orElseThrow();
        assertThat(left.input(2)).isNotNull();
    }

    @Test
    void thePlanDoesNotDependOnThreadsOrTheRun() throws IOException {
        Path model = TunedNet.convolutions(folder.resolve("net.onnx"));
        Path data = data();
        List<Plan> plans =
                List.of(1, 1, 2, 4).stream()
                        .map(
                                threads ->
                                        Fewbit.quantize(model)
                                                .recipe(TunedNet.COARSE)
                                                .data(data)
                                                .threads(threads)
                                                .plan()
                                                .plan())
                        .toList();
        assertThat(plans.getFirst().graph().corrections()).isNotEmpty();
        assertThat(plans).allSatisfy(plan -> assertThat(plan).isEqualTo(plans.getFirst()));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 8})
    void theOutputsAreNeverFurtherOff(int bits) throws IOException {
        Path model = TunedNet.convolutions(folder.resolve("net.onnx"));
        Recipe recipe = Recipe.INT8.withWeights(new Affine(bits, true, true));
        Path with = folder.resolve("with.onnx");
        Path without = folder.resolve("without.onnx");
        Path data = data();
        Fewbit.quantize(model).recipe(recipe).data(data).threads(1).writeTo(with);
        Fewbit.quantize(model)
                .recipe(recipe.withStatics(recipe.statics().withCorrections(false)))
                .data(data)
                .threads(1)
                .writeTo(without);
        try (Samples samples = ComparisonSamples.open(model, Optional.of(data), recipe.seed(), 1)) {
            OutputTrials trials = OutputTrials.of(model, samples, TuningOptions.TRIAL_SAMPLES, 1);
            assertThat(trials.loss(with)).isLessThanOrEqualTo(trials.loss(without));
        }
    }

    @Test
    void manyProductsAreCorrectedByWhatRoundingTheirWeightsDoes()
            throws IOException, InterruptedException {
        Path model = TunedNet.products(folder.resolve("net.onnx"), 14);
        try (TunedNet net = TunedNet.of(model, TunedNet.COARSE)) {
            Candidate before = net.start();
            Candidate after = new LayerCorrection().propose(net.bench(), before).orElseThrow();
            assertThat(after.corrections()).hasSize(14);

            CorrectableLayer layer =
                    CorrectableLayers.find(net.bench().corrected(before), net.bench().plan(before))
                            .get(3);
            assertThat(layer.label()).isEqualTo("p3");
            double[] means = inputMeans(layer, net);
            BiasShift shift = (BiasShift) after.corrections().get(3);
            assertThat(shift.node()).isEqualTo("p3");
            float[] weights = layer.layer().weights();
            for (int column = 0; column < 16; column++) {
                double largest = 0;
                for (int row = 0; row < 16; row++) {
                    double weight = weights[row * 16 + column];
                    largest =
                            Math.max(largest, weight < 0 ? -weight / (CODES + 1) : weight / CODES);
                }
                float scale = (float) largest;
                double lost = 0;
                double terms = 0;
                for (int row = 0; row < 16; row++) {
                    float weight = weights[row * 16 + column];
                    float rounded = scale * (float) Math.rint(weight / scale);
                    lost += means[row] * ((double) weight - rounded);
                    terms += Math.abs(means[row] * weight);
                }
                // Scales may differ by a rounding of floats, and so may the shift.
                assertThat((double) shift.shift().get(column))
                        .isCloseTo(lost, offset(4 * Math.ulp(1f) * terms));
            }
        }
    }

    private static double[] inputMeans(CorrectableLayer layer, TunedNet net)
            throws IOException, InterruptedException {
        String value = layer.layer().input().name();
        return net.bench()
                .calibrate(
                        net.bench().prepared().file(),
                        List.of(Observation.ofChannels(value, -1)),
                        TunedNet.SAMPLES)
                .find(value)
                .orElseThrow()
                .channels()
                .orElseThrow()
                .means();
    }

    @Test
    void aProductWithoutBiasIsLeftAlone() throws IOException, InterruptedException {
        TunedNet.Builder builder = new TunedNet.Builder();
        Value x = builder.input("x", 1, 5, 16);
        Value product = builder.node("MatMul", "bare", x, builder.weight("bare", 16, 16));
        Path model = builder.write(product, folder.resolve("net.onnx"));
        try (TunedNet net = TunedNet.of(model, TunedNet.COARSE)) {
            assertThat(new LayerCorrection().propose(net.bench(), net.start())).isEmpty();
        }
    }

    /** The weight fills the biases of both while it is written, also where only one is wanted. */
    @Test
    void layersMayShareWeights() throws IOException, InterruptedException {
        TunedNet.Builder builder = new TunedNet.Builder();
        Value x = builder.input("x", 1, 8, 10, 10);
        Value weight = builder.weight("shared", 8, 8, 3, 3);
        Value first = builder.node("Conv", "first", x, weight, builder.bias("first", 8));
        Value second =
                builder.node(
                        "Conv", "second", builder.relu(first), weight, builder.bias("second", 8));
        Path model = builder.write(second, folder.resolve("net.onnx"));
        try (TunedNet net = TunedNet.of(model, TunedNet.COARSE)) {
            Candidate after = new LayerCorrection().propose(net.bench(), net.start()).orElseThrow();
            assertThat(after.corrections())
                    .extracting(correction -> ((BiasShift) correction).node())
                    .containsExactly("first", "second");
        }
    }

    /** What is there already is shifted on, and held against the float network without it. */
    @Test
    void shiftsAddUp() throws IOException, InterruptedException {
        Path model = TunedNet.convolutions(folder.resolve("net.onnx"));
        try (TunedNet net = TunedNet.of(model, TunedNet.COARSE)) {
            Candidate start = net.start();
            Correction wrong = new BiasShift("right", Collections.nCopies(12, 0.5f), "wrong");
            Candidate shifted = start.with(List.of(wrong), start.statistics());
            Candidate clean = new LayerCorrection().propose(net.bench(), start).orElseThrow();
            Candidate mended = new LayerCorrection().propose(net.bench(), shifted).orElseThrow();

            double[] expected = bias(net, clean);
            double[] actual = bias(net, mended);
            double[] tolerance = tolerance(right(net, start), net.bench().plan(start), net);
            for (int channel = 0; channel < expected.length; channel++) {
                assertThat(actual[channel])
                        .isCloseTo(
                                expected[channel],
                                // Each of the two is right up to the tolerance.
                                offset(2 * tolerance[channel]));
            }
        }
    }

    private static double[] bias(TunedNet net, Candidate candidate) throws IOException {
        return right(net, candidate).layer().bias();
    }

    private static CorrectableLayer right(TunedNet net, Candidate candidate) throws IOException {
        Model model = net.bench().corrected(candidate);
        return CorrectableLayers.find(model, net.bench().plan(candidate)).stream()
                .filter(layer -> layer.label().equals("right"))
                .findFirst()
                .orElseThrow();
    }
}
