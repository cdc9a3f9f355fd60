package dev.fewbit.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.random.RandomSamples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class NodeLatenciesTest {

    private static final SessionSettings SETTINGS = SessionSettings.withThreads(1);

    @TempDir private Path folder;

    @Test
    void convolutionsAreFoundUnderTheirNamesAndAddUpToTheWholeAtMost() throws IOException {
        Path model = convolutions(folder.resolve("model.onnx"));
        NodeLatencies latencies = NodeLatencies.measure(model, samples(model, 2), SETTINGS, 9);
        assertThat(latencies.wholeSeconds()).isPositive();
        assertThat(latencies.medianSeconds()).isGreaterThanOrEqualTo(latencies.wholeSeconds());
        assertThat(latencies.of("Conv_of_first")).isPositive();
        assertThat(latencies.of("Conv_of_second")).isPositive();
        assertThat(latencies.of("Conv")).isZero();
        assertThat(latencies.of("no such node")).isZero();
        double sum = latencies.kernels().stream().mapToDouble(KernelLatency::seconds).sum();
        // A few roundings of a double.
        assertThat(sum).isLessThanOrEqualTo(latencies.wholeSeconds() * (1 + 1e-12));
        NodeLatencies.LayerTimes times = latencies.of(List.of("Conv_of_first", "Conv_of_second"));
        assertThat(
                        times.layers().values().stream().mapToDouble(x -> x).sum()
                                + times.otherSeconds())
                .isCloseTo(latencies.wholeSeconds(), within(latencies.wholeSeconds() * 1e-9));
    }

    /** cut = Relu(second(Relu(first(x)))), large enough that kernels take microseconds. */
    private static Path convolutions(Path file) throws IOException {
        Graph graph = new Graph("convolutions");
        Value x = TestModels.value("x", ElementType.FLOAT, 1, 16, 64, 64);
        graph.addInput(x);
        Value first = TestModels.node(graph, "Conv", "first", x, weight(graph, "w1"));
        Value bent = TestModels.node(graph, "Relu", "bent", first);
        Value second = TestModels.node(graph, "Conv", "second", bent, weight(graph, "w2"));
        Value cut = TestModels.node(graph, "Relu", "cut", second);
        graph.addOutput(cut);
        return TestModels.write(graph, file);
    }

    private static Value weight(Graph graph, String name) {
        return graph.addInitializer(
                name,
                Tensor.ofFloats(new long[] {16, 16, 3, 3}, TestModels.weights(16 * 16 * 9, 1, 0)));
    }

    private static List<Sample> samples(Path model, int count) throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (ModelSession session = ModelSession.open(model, SETTINGS);
                RandomSamples random =
                        RandomSamples.fitting(session, OnnxReader.read(model).graph(), 1, count)) {
            random.visit(samples::add);
        }
        return samples;
    }

    @Test
    void whatIsTooMuchIsTakenFromAllAlike() {
        List<KernelLatency> measured =
                List.of(kernel("a", 10), kernel("b", 1), kernel("c", 5), kernel("d", 4));
        assertThat(NodeLatencies.within(measured, 30)).isEqualTo(measured);
        assertThat(NodeLatencies.within(measured, 16))
                .extracting(KernelLatency::seconds)
                .containsExactly(9.0, 0.0, 4.0, 3.0);
        // 1 is less than what each would have to give; the others give the rest of it.
        assertThat(NodeLatencies.within(measured, 10))
                .extracting(KernelLatency::seconds)
                .containsExactly(7.0, 0.0, 2.0, 1.0);
        assertThat(NodeLatencies.within(measured, 0))
                .extracting(KernelLatency::seconds)
                .containsOnly(0.0);
    }

    @Test
    void aKernelCountsForTheLongestNameThatItBegins() {
        NodeLatencies latencies =
                new NodeLatencies(
                        20,
                        21,
                        List.of(
                                kernel("a/MatMul", 1),
                                kernel("a/MatMul/MatMulInteger", 2),
                                kernel("a/MatMul/more/Add", 4),
                                kernel("a/MatMul_1", 8)));
        assertThat(latencies.of("a/MatMul")).isEqualTo(7);
        NodeLatencies.LayerTimes times = latencies.of(List.of("a/MatMul", "a/MatMul/more"));
        assertThat(times.layers()).containsEntry("a/MatMul", 3.0);
        assertThat(times.layers()).containsEntry("a/MatMul/more", 4.0);
        assertThat(times.otherSeconds()).isEqualTo(13);
    }

    private static KernelLatency kernel(String node, double seconds) {
        return new KernelLatency(node, "MatMul", node, seconds);
    }

    @Test
    void nothingToRunIsRefused() {
        assertThatThrownBy(() -> NodeLatencies.measure(folder.resolve("m"), List.of(), SETTINGS, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 0 and 3");
    }
}
