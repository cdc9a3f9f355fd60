package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.trial.OutputTrials;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Nets whose channels differ much in size lose less with corrections. */
class SmoothingTest {
    @TempDir Path folder;

    @Test
    void factorsGoIntoTheGainOfANormalization() throws IOException, InterruptedException {
        Networks net = new Networks();
        Value normal = net.node("Mul", "normal", net.rows(24), net.uneven("gain", 32));
        Value y = net.node("MatMul", "y", normal, weights(net, "w", 32, 48));

        List<ChannelScaling> found = improved(net.deliver(y), 24, Networks.CHANNELS);

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().value()).isEqualTo("normal");
        assertThat(found.getFirst().divided())
                .extracting(each -> each.tensor())
                .containsExactly("gain");
        assertThat(found.getFirst().multiplied())
                .extracting(each -> each.tensor())
                .containsExactly("w");
    }

    @Test
    void factorsGoIntoTheLayerBesideAGate() throws IOException, InterruptedException {
        Networks net = new Networks();
        Value x = net.rows(24);
        Value gate = net.node("MatMul", "gate", x, net.normal("g", 0.2, 32, 48));
        Value silu = net.node("Mul", "silu", gate, net.node("Sigmoid", "open", gate));
        Value up = net.node("MatMul", "up", x, unevenColumns(net));
        Value inner = net.node("Mul", "inner", silu, up);
        Value y = net.node("MatMul", "y", inner, weights(net, "down", 48, 32));

        List<ChannelScaling> found = improved(net.deliver(y), 24, Networks.CHANNELS);

        assertThat(found)
                .anySatisfy(
                        scaling -> {
                            assertThat(scaling.value()).isEqualTo("inner");
                            assertThat(scaling.divided())
                                    .extracting(each -> each.tensor())
                                    .containsExactly("u");
                        });
    }

    @Test
    void aNodeTakesThemWhereNothingElseCan() throws IOException, InterruptedException {
        Networks net = new Networks();
        Value normal = net.node("Mul", "normal", net.rows(24), net.uneven("gain", 32));
        Value y = net.node("MatMul", "y", normal, weights(net, "w", 32, 48));
        // Something else reads the value, so that it must stay.
        Value other = net.node("Tanh", "other", normal);

        List<ChannelScaling> found = improved(net.deliver(y, other), 24, Networks.CHANNELS);

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().divided()).isEmpty();
    }

    @Test
    void channelsBeforeAHardSwishGetRangesOfTheirOwn() throws IOException, InterruptedException {
        Networks net = new Networks();
        Value first = net.node("Conv", "first", net.picture(6), unevenRows(net, "v"));
        Value clipped =
                net.node(
                        "Clip",
                        "clipped",
                        net.node("Add", "moved", first, net.number("three", 3)),
                        net.number("zero", 0),
                        net.number("six", 6));
        Value swish =
                net.node(
                        "Div",
                        "swish",
                        net.node("Mul", "product", first, clipped),
                        Networks.find(net.graph(), "six"));
        // The layer behind makes the channels equally important.
        Value w = net.node("Div", "w", weights(net, "w_even", 16, 48, 1, 1), loudness(net));
        Value y = net.node("Conv", "y", swish, w);
        Model model = net.deliver(y);

        List<ChannelScaling> found = improved(model, Networks.CHANNELS, 6, 6);

        assertThat(found)
                .anySatisfy(
                        scaling -> {
                            assertThat(scaling.value()).isEqualTo("first");
                            assertThat(scaling.multiplied()).isEmpty();
                            assertThat(scaling.reason()).contains("below -3.00 do not matter");
                        });
        assertThat(kernels(folder.resolve("quantized.onnx")))
                .containsOnlyOnce("Clip")
                .filteredOn("QLinearConv"::equals)
                .hasSize(2);
    }

    private static Value weights(Networks net, String name, long... shape) {
        return net.normal(name, 0.2, shape);
    }

    /** How large the rows of {@link #unevenRows} are. */
    private static Value loudness(Networks net) {
        float[] sizes = new float[48];
        for (int channel = 0; channel < sizes.length; channel++) {
            sizes[channel] = channel % 8 == 2 ? 8 : 0.1f;
        }
        return net.graph()
                .addInitializer("loudness", Tensor.ofFloats(new long[] {1, 48, 1, 1}, sizes));
    }

    /** {@code u [32, 48]}, some columns of which are much larger than the others. */
    private static Value unevenColumns(Networks net) {
        return uneven(net, "u", 32, 48, 1);
    }

    /** {@code v [48, 32, 1, 1]}, some rows of which are much larger than the others. */
    private static Value unevenRows(Networks net, String name) {
        Value matrix = uneven(net, name + "_matrix", 48, 32, 0);
        Value shape =
                net.graph().addInitializer("shape", Tensor.ofLongs(new long[] {4}, 48, 32, 1, 1));
        return net.node("Reshape", name, matrix, shape);
    }

    private static Value uneven(Networks net, String name, int rows, int columns, int axis) {
        Random random = new Random(23);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            int channel = axis == 0 ? i / columns : i % columns;
            values[i] = (float) (random.nextGaussian() * (channel % 8 == 2 ? 8 : 0.1));
        }
        return net.graph()
                .addInitializer(name, Tensor.ofFloats(new long[] {rows, columns}, values));
    }

    /** The scalings of the plan, which must make the loss at most half of what it was. */
    private List<ChannelScaling> improved(Model model, long... sample)
            throws IOException, InterruptedException {
        Path file = Networks.write(model, folder.resolve("net.onnx"));
        Path data = Networks.data(folder.resolve("data.jsonl"), 24, sample);

        Plan without = Networks.tune(file, data, false).plan();
        Plan with = Networks.tune(file, data, true).plan();

        assertThat(PlanYaml.parse(PlanYaml.write(with), "test")).isEqualTo(with);
        assertThat(loss(file, data, with)).isLessThan(loss(file, data, without) / 2);
        return with.graph().corrections().stream()
                .filter(ChannelScaling.class::isInstance)
                .map(ChannelScaling.class::cast)
                .toList();
    }

    private double loss(Path file, Path data, Plan plan) throws IOException {
        Path quantized = folder.resolve("quantized.onnx");
        Files.deleteIfExists(quantized);
        Model model = OnnxReader.read(file);
        PlanExecution.apply(model, plan, Measuring.NOTHING);
        Networks.write(model, quantized);
        try (Samples samples =
                ComparisonSamples.open(file, Optional.of(data), DataOptions.defaults(), 0, 1)) {
            return OutputTrials.of(file, samples, 24, 1).loss(quantized);
        }
    }

    /** The operators that the runtime makes of a model. */
    private List<String> kernels(Path model) throws IOException {
        Path file = folder.resolve("optimized.onnx");
        try (ModelSession _ =
                ModelSession.open(
                        model, SessionSettings.withThreads(1).writingOptimizedModel(file))) {
            return OnnxReader.read(file).graph().nodes().stream().map(Node::opType).toList();
        }
    }
}
