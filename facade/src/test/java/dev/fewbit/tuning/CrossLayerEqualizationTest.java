package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

class CrossLayerEqualizationTest {
    private static final int CHANNELS = 12;

    private static final Recipe PER_TENSOR = Recipe.INT8.withGrouping(Grouping.TENSOR);

    @TempDir Path folder;
    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = uneven(folder.resolve("net.onnx"));
    }

    /**
     * {@code x -> Conv -> Clip -> depthwise Conv -> Clip -> Conv}, whose channels differ by a
     * hundred times between the layers, and make up for it in the next.
     */
    private static Path uneven(Path file) throws IOException {
        TunedNet.Builder net = new TunedNet.Builder();
        Value x = net.input("x", 1, 8, 10, 10);
        Value first = net.convolution("first", x, true, CHANNELS, 8, 3, 3);
        Value depthwise = net.convolution("depthwise", net.relu6(first), true, CHANNELS, 1, 3, 3);
        depthwise.producer().setAttribute("group", (long) CHANNELS);
        Value last = net.convolution("last", net.relu6(depthwise), true, 6, CHANNELS, 1, 1);
        for (int channel = 0; channel < CHANNELS; channel++) {
            float factor = (float) Math.pow(100, channel / (CHANNELS - 1.0) - 0.7);
            scale(net, "first.weight", channel, factor);
            scale(net, "first.bias", channel, factor);
            scale(net, "depthwise.weight", channel, 1 / (factor * factor));
            scale(net, "depthwise.bias", channel, 1 / factor);
        }
        return net.write(last, file);
    }

    private static void scale(TunedNet.Builder net, String name, int channel, float factor)
            throws IOException {
        Tensor tensor = net.constant(name);
        float[] values = tensor.floats();
        int each = values.length / CHANNELS;
        for (int i = channel * each; i < (channel + 1) * each; i++) {
            values[i] *= factor;
        }
        net.replace(name, Tensor.ofFloats(tensor.shape(), values));
    }

    private static Candidate equalized(TunedNet net, Candidate start)
            throws IOException, InterruptedException {
        return new CrossLayerEqualization().propose(net.bench(), start).orElseThrow();
    }

    private static Candidate start(TunedNet net) throws IOException, InterruptedException {
        Candidate start = net.start();
        List<Observation> wanted = new CrossLayerEqualization().observations(net.bench());
        Statistics channels =
                net.bench().calibrate(net.bench().prepared().file(), wanted, TunedNet.SAMPLES);
        return new Candidate(
                List.of(), start.statistics().withReplaced(channels.values()), start.choices());
    }

    @Test
    void theFloatNetworkStaysWhatItIs() throws IOException, InterruptedException {
        try (TunedNet net = TunedNet.of(model, PER_TENSOR)) {
            Candidate after = equalized(net, start(net));
            Model corrected = net.bench().corrected(after);
            Path file = net.bench().prepared().write(corrected, "corrected.onnx");
            try (Samples samples = ComparisonSamples.open(model, Optional.empty(), 0, 32)) {
                // Powers of errors: some roundings of 24 bits each.
                assertThat(OutputTrials.of(model, samples, 32, 1).loss(file)).isLessThan(1e-11);
            }
        }
    }

    @Test
    void channelsThatReachTheClipAreLeftAlone() throws IOException, InterruptedException {
        try (TunedNet net = TunedNet.of(model, PER_TENSOR)) {
            Candidate start = start(net);
            for (var correction : equalized(net, start).corrections()) {
                ChannelScaling scaling = (ChannelScaling) correction;
                String made =
                        Map.of(
                                        "first.weight",
                                        "first_output",
                                        "depthwise.weight",
                                        "depthwise_output")
                                .get(scaling.divided().getFirst().tensor());
                var channels = start.statistics().find(made).orElseThrow().channels().orElseThrow();
                long clipped =
                        IntStream.range(0, CHANNELS)
                                .filter(channel -> channels.maximum(channel) >= 6)
                                .count();
                assertThat(clipped).as(made).isPositive();
                for (int channel = 0; channel < CHANNELS; channel++) {
                    float reached = channels.maximum(channel);
                    float factor = scaling.factors().get(channel);
                    if (reached >= 6) {
                        assertThat(factor).isEqualTo(1);
                    } else {
                        // Up to the rounding of the factor.
                        assertThat(reached / factor).isLessThan(6);
                    }
                }
            }
        }
    }

    @Test
    void roundingWithOneScaleCostsLess() throws IOException, InterruptedException {
        try (TunedNet net = TunedNet.of(model, PER_TENSOR)) {
            Candidate start = start(net);
            Candidate after = equalized(net, start);
            assertThat(after.corrections()).hasSize(2);
            assertThat(net.bench().loss(after)).isLessThan(net.bench().loss(start) / 4);
        }
    }

    @Test
    void isPartOfWhatIsTriedByItself() throws IOException {
        Path data = ConvolutionNet.data(folder.resolve("data.jsonl"), 0, 64, 10);
        Plan plan = Fewbit.quantize(model).recipe(PER_TENSOR).data(data).threads(1).plan().plan();
        assertThat(plan.graph().corrections())
                .filteredOn(ChannelScaling.class::isInstance)
                .extracting(correction -> ((ChannelScaling) correction).reason())
                .hasSize(2)
                .allSatisfy(reason -> assertThat(reason).contains("channels that share a scale"));
    }
}
