package dev.fewbit.runtime.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.compare.ProgressListener;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.session.AppendedOutputs;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

class CalibrationTest {

    private static final int WIDTH = TestModels.INPUTS;

    private static final List<Observation> PERCEPTRON =
            List.of(
                    Observation.ofTensor("x"),
                    Observation.ofChannels("product", -1),
                    new Observation("hidden", ChannelDetail.HISTOGRAMS, 1),
                    Observation.ofTensor("logits"));

    private static final CalibrationOptions TWO_THREADS =
            CalibrationOptions.defaults().withThreads(2);

    @TempDir private Path folder;
    private Path perceptron;

    @BeforeEach
    void writeModel() throws IOException {
        perceptron = TestModels.perceptron(folder.resolve("perceptron.onnx"), 0);
    }

    static byte[] bytes(TensorStatistics statistics) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            statistics.write(new DataOutputStream(bytes));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return bytes.toByteArray();
    }

    static void assertSame(Statistics found, Statistics expected) {
        assertThat(found.samples()).isEqualTo(expected.samples());
        assertThat(found.values().keySet()).isEqualTo(expected.values().keySet());
        found.values()
                .forEach(
                        (name, statistics) ->
                                assertThat(bytes(statistics))
                                        .as(name)
                                        .isEqualTo(bytes(expected.find(name).orElseThrow())));
    }

    /** Statistics of what an ordinary session gives, one sample after the other. */
    private static void assertAgrees(
            Statistics found, Path model, List<Observation> wanted, ListedSamples samples)
            throws IOException {
        List<String> names = wanted.stream().map(Observation::value).toList();
        List<String> inner = new ArrayList<>(names);
        try (ModelSession plain = ModelSession.open(model, SessionSettings.withThreads(1))) {
            plain.outputs().forEach(output -> inner.remove(output.name()));
            inner.removeAll(plain.inputs().names());
        }
        try (Arena arena = Arena.ofConfined();
                ModelSession session =
                        ModelSession.open(
                                "observed",
                                AppendedOutputs.of(model, inner, arena),
                                SessionSettings.withThreads(1))) {
            for (Observation observation : wanted) {
                TensorStatistics expected = new TensorStatistics(observation.detail());
                for (Sample sample : samples.list()) {
                    NumberArray array = sample.inputs().get(observation.value());
                    if (array == null) {
                        array = session.run(sample).get(observation.value());
                    }
                    add(expected, array, observation);
                }
                assertThat(bytes(found.find(observation.value()).orElseThrow()))
                        .as(observation.value())
                        .isEqualTo(bytes(expected));
            }
        }
        assertThat(found.values().keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(found.samples()).isEqualTo(samples.list().size());
    }

    /** All channels of these tests lie on the last axis. */
    private static void add(TensorStatistics into, NumberArray array, Observation observation) {
        FloatBuffer floats = array.bytes().asFloatBuffer();
        if (observation.detail() == ChannelDetail.NONE) {
            into.add(floats, ValueCollector.step(array.size()));
        } else {
            int channels = (int) array.shape()[array.rank() - 1];
            into.addChannels(
                    floats,
                    array.size() / channels,
                    channels,
                    1,
                    ValueCollector.step(array.size()));
        }
    }

    private static ListedSamples sentences(int... lengths) {
        ListedSamples samples = new ListedSamples();
        for (int length : lengths) {
            long[] ids = new long[length];
            long[] mask = new long[length];
            for (int i = 0; i < length; i++) {
                ids[i] = (i * 7L + length) % 50;
                mask[i] = i % 5 == 4 ? 0 : 1;
            }
            samples.add(
                    Map.of(
                            "input_ids", NumberArray.ofLongs(ids, 1, length),
                            "attention_mask", NumberArray.ofLongs(mask, 1, length),
                            "token_type_ids", NumberArray.ofLongs(new long[length], 1, length)));
        }
        return samples;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void agreesWithAPlainRunForBatchesOfAnySize(int threads) throws Exception {
        ListedSamples samples = ListedSamples.rows(WIDTH, 5, 1, 3, 3, 1, 700, 2, 3, 1, 64, 3);
        Statistics statistics =
                Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS.withThreads(threads));
        assertAgrees(statistics, perceptron, PERCEPTRON, samples);
        assertThat(statistics.warnings()).isEmpty();
        assertThat(statistics.modelSha256()).isEqualTo(FileHash.sha256(perceptron));
    }

    @Test
    void agreesWithAPlainRunForRaggedSentences() throws Exception {
        Path encoder = TestModels.encoder(folder.resolve("encoder.onnx"), 1);
        List<Observation> wanted =
                List.of(
                        Observation.ofTensor("sum"),
                        Observation.ofChannels("placed", 2),
                        Observation.ofTensor("states"));
        ListedSamples samples = sentences(3, 17, 3, 1, 40, 5, 6, 7, 8, 9, 10, 11, 12, 13, 3, 17);
        Statistics statistics = Calibration.run(encoder, wanted, samples.uncounted(), TWO_THREADS);
        assertAgrees(statistics, encoder, wanted, samples);
    }

    @Test
    void batchesMakeNoDifferenceToTheWhole() throws Exception {
        ListedSamples together = ListedSamples.rows(WIDTH, 8, 6);
        ListedSamples apart = new ListedSamples();
        float[] all = new float[6 * WIDTH];
        together.list().getFirst().inputs().get("x").bytes().asFloatBuffer().get(all);
        for (int row = 0; row < 6; row++) {
            float[] one = Arrays.copyOfRange(all, row * WIDTH, (row + 1) * WIDTH);
            apart.add("x", one, 1, WIDTH);
        }
        List<Observation> wanted = List.of(Observation.ofTensor("x"));
        Statistics batch = Calibration.run(perceptron, wanted, together, TWO_THREADS);
        Statistics rows = Calibration.run(perceptron, wanted, apart, TWO_THREADS);
        assertThat(bytes(rows.find("x").orElseThrow()))
                .isEqualTo(bytes(batch.find("x").orElseThrow()));
    }

    @Test
    void valuesInGroupsGiveTheSame() throws Exception {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 2, 5, 1, 2, 300, 5, 40);
        Statistics expected = Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS);
        List<String> phases = new ArrayList<>();
        ProgressListener listener = (phase, done, total) -> phases.add(phase);
        Statistics found =
                Calibration.run(
                        perceptron,
                        PERCEPTRON,
                        samples,
                        TWO_THREADS.withMostBytes(1).withProgress(listener));
        assertSame(found, expected);
        assertThat(phases)
                .contains(
                        "calibration, values in groups, pass 1 of 4",
                        "calibration, values in groups, pass 4 of 4");
    }

    @Test
    void aSampleMuchLargerThanTheFirstIsPutOffAndCounted() throws Exception {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 2, 900, 1, 1000, 3);
        Statistics expected = Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS);
        List<String> phases = new ArrayList<>();
        ProgressListener listener = (phase, done, total) -> phases.add(phase);
        // 3 rows of product, hidden and logits take 888 bytes, 1000 rows 296,000.
        Statistics found =
                Calibration.run(
                        perceptron,
                        PERCEPTRON,
                        samples,
                        TWO_THREADS.withMostBytes(200_000).withProgress(listener));
        assertSame(found, expected);
        assertThat(phases).contains("calibration", "calibration, values in groups, pass 2 of 2");
    }

    /** x -> Add -> sum -> Clip -> low -> Relu -> r -> Clip -> both, and so on. */
    private Path limits() throws IOException {
        Graph graph = new Graph("limits");
        Value x = TestModels.value("x", ElementType.FLOAT, "batch", WIDTH);
        graph.addInput(x);
        Value half = graph.addInitializer("half", Tensor.ofFloats(new long[0], 0.5f));
        Value above = graph.addInitializer("above", Tensor.ofFloats(new long[0], 1.27f));
        Value below = graph.addInitializer("below", Tensor.ofFloats(new long[0], -0.3f));
        Value sum = TestModels.node(graph, "Add", "sum", x, half);
        Value low = TestModels.node(graph, "Clip", "low", sum, below);
        Value relu = TestModels.node(graph, "Relu", "relu", low);
        Value both = TestModels.node(graph, "Clip", "both", relu, half, above);
        TestModels.node(graph, "Clip", "other", sum, below, above);
        Node least = new Node("ReduceMin", "least", x);
        least.setAttribute("keepdims", 0);
        graph.add(least);
        TestModels.node(graph, "Clip", "moving", both, least.addOutput("minimum"));
        for (Node node : graph.nodes()) {
            if (List.of("both", "other", "moving").contains(node.onlyOutput().name())) {
                graph.addOutput(node.onlyOutput());
            }
        }
        return TestModels.write(graph, folder.resolve("limits.onnx"));
    }

    private static final List<Observation> LIMITED =
            List.of(
                    Observation.ofTensor("both"),
                    Observation.ofTensor("other"),
                    Observation.ofTensor("moving"),
                    Observation.ofTensor("x"),
                    Observation.ofTensor("sum"),
                    Observation.ofTensor("low"),
                    Observation.ofTensor("relu"));

    @Test
    void valuesBehindLimitsFollowFromThoseBefore() throws Exception {
        Path model = limits();
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 200, 5, 40);
        Statistics statistics = Calibration.run(model, LIMITED, samples, TWO_THREADS);
        assertAgrees(statistics, model, LIMITED, samples);
    }

    @Test
    void valuesBehindLimitsAreComputedWhereInfinitiesBecomeFinite() throws Exception {
        Path model = limits();
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 200, 5, 40);
        float[] infinite = new float[WIDTH];
        infinite[0] = Float.POSITIVE_INFINITY;
        infinite[1] = Float.NEGATIVE_INFINITY;
        samples.add("x", infinite, 1, WIDTH);
        Statistics statistics = Calibration.run(model, LIMITED, samples, TWO_THREADS);
        assertAgrees(statistics, model, LIMITED, samples);
        assertThat(statistics.find("sum").orElseThrow().notFinite()).isEqualTo(2);
        assertThat(statistics.find("both").orElseThrow().notFinite()).isZero();
    }

    @Test
    void nothingWantedNeedsNoRun() throws Exception {
        Statistics statistics =
                Calibration.run(perceptron, List.of(), new ListedSamples(), TWO_THREADS);
        assertThat(statistics.values()).isEmpty();
        assertThat(statistics.samples()).isZero();
    }

    @Test
    void takesAsManySamplesAsAllowed() throws Exception {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 2, 3, 4, 5);
        Statistics found =
                Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS.withMaximumSamples(3));
        assertSame(found, Calibration.run(perceptron, PERCEPTRON, samples.part(0, 3), TWO_THREADS));
    }

    @Test
    void shapesMayDependOnContent() throws Exception {
        Graph graph = new Graph("positions");
        Value x = TestModels.value("x", ElementType.FLOAT, "batch", WIDTH);
        graph.addInput(x);
        Value found =
                TestModels.node(graph, "NonZero", "found", TestModels.node(graph, "Relu", "r", x));
        Node cast = new Node("Cast", "cast", found);
        cast.setAttribute("to", ElementType.FLOAT.code());
        graph.add(cast);
        Value positions = cast.addOutput("positions");
        graph.addOutput(TestModels.node(graph, "Neg", "y", positions));
        Path model = TestModels.write(graph, folder.resolve("positions.onnx"));
        ListedSamples samples = ListedSamples.rows(WIDTH, 3, 2, 2, 2, 2, 2, 2);
        // A sample of which nothing is left: an array without elements.
        samples.add("x", new float[2 * WIDTH], 2, WIDTH);
        List<Observation> wanted =
                List.of(Observation.ofTensor("positions"), Observation.ofTensor("y"));
        Statistics statistics = Calibration.run(model, wanted, samples, TWO_THREADS);
        assertAgrees(statistics, model, wanted, samples);
    }

    @Test
    void findsTensorsOutsideOfTheFile() throws Exception {
        Path model = TestModels.perceptronWithExternalData(folder.resolve("outside.onnx"), 0);
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 2, 3);
        assertSame(
                Calibration.run(model, PERCEPTRON, samples, TWO_THREADS),
                Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS));
    }

    @Test
    void namesValueAndSampleOfNumbersThatAreNone() throws Exception {
        Path root = TestModels.root(folder.resolve("root.onnx"), 0);
        float[] good = new float[WIDTH];
        float[] bad = new float[WIDTH];
        bad[3] = -1;
        bad[4] = Float.POSITIVE_INFINITY;
        ListedSamples samples =
                new ListedSamples().add("x", good, 1, WIDTH).add("x", bad, 1, WIDTH);
        List<Observation> wanted =
                List.of(Observation.ofTensor("y"), Observation.ofTensor("shifted"));
        Statistics statistics = Calibration.run(root, wanted, samples, TWO_THREADS);
        assertThat(statistics.warnings())
                .containsExactly(
                        "value 'y': 2 elements are NaN or infinite, in sample 1; they are left out"
                                + " of its statistics",
                        "value 'shifted': 1 elements are NaN or infinite, in sample 1; they are"
                                + " left out of its statistics");
        assertThat(statistics.find("y").orElseThrow().count()).isEqualTo(2 * WIDTH - 2);
    }

    @Test
    void refusesWhatIsNoFloat() throws IOException {
        Path encoder = TestModels.encoder(folder.resolve("encoder.onnx"), 1);
        assertThatThrownBy(
                        () ->
                                Calibration.run(
                                        encoder,
                                        List.of(Observation.ofTensor("input_ids")),
                                        sentences(3),
                                        TWO_THREADS))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("'input_ids' is of type int64")
                .hasMessageContaining("Leave it out");
    }

    @Test
    void refusesValuesThatAreNotThereOrComeTwice() {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 1);
        assertThatThrownBy(
                        () ->
                                Calibration.run(
                                        perceptron,
                                        List.of(Observation.ofTensor("nothing")),
                                        samples,
                                        TWO_THREADS))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("no node computes a value 'nothing'");
        assertThatThrownBy(
                        () ->
                                Calibration.run(
                                        perceptron,
                                        List.of(
                                                Observation.ofTensor("x"),
                                                Observation.ofTensor("x")),
                                        samples,
                                        TWO_THREADS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x' is wanted twice");
    }

    @Test
    void refusesChannelsThatAreNotThereOrVary() {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 1, 2);
        assertThatThrownBy(
                        () ->
                                Calibration.run(
                                        perceptron,
                                        List.of(Observation.ofChannels("hidden", 2)),
                                        samples,
                                        TWO_THREADS))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("'hidden' has the shape [")
                .hasMessageContaining("no axis 2");
        assertThatThrownBy(
                        () ->
                                Calibration.run(
                                        perceptron,
                                        List.of(Observation.ofChannels("hidden", 0)),
                                        samples,
                                        TWO_THREADS))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("'hidden' has the shape [")
                .hasMessageContaining("varies");
    }

    @Test
    void refusesToRunOnNothing() {
        assertThatThrownBy(
                        () ->
                                Calibration.run(
                                        perceptron, PERCEPTRON, new ListedSamples(), TWO_THREADS))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining("there is no sample");
    }

    @Test
    void endsWhenASampleDoesNotFit() {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, 1, 2, 3);
        samples.add("x", new float[7], 1, 7);
        for (int i = 0; i < 50; i++) {
            samples.add("x", new float[WIDTH], 1, WIDTH);
        }
        assertThatThrownBy(() -> Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS))
                .isInstanceOf(RuntimeModelException.class)
                .hasMessageContaining("sample 3");
        assertNoThreadIsLeft();
    }

    @Test
    void passesOnWhatReadingThrows() {
        ListedSamples samples =
                ListedSamples.rows(WIDTH, 6, 1, 2, 3)
                        .failing(new SampleDataException("data.jsonl, line 4", "no number", "Fix"));
        assertThatThrownBy(() -> Calibration.run(perceptron, PERCEPTRON, samples, TWO_THREADS))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining("line 4");
        assertNoThreadIsLeft();
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws InterruptedException {
        ListedSamples samples = ListedSamples.rows(WIDTH, 6, new int[200]);
        AtomicBoolean interrupted = new AtomicBoolean();
        ProgressListener listener =
                (phase, done, total) -> {
                    if (done == 20) {
                        Thread.currentThread().interrupt();
                    }
                };
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        Calibration.run(
                                                perceptron,
                                                PERCEPTRON,
                                                samples,
                                                TWO_THREADS.withProgress(listener));
                                    } catch (InterruptedException expected) {
                                        interrupted.set(true);
                                    } catch (IOException other) {
                                        throw new AssertionError(other);
                                    }
                                });
        thread.join();
        assertThat(interrupted).isTrue();
        assertNoThreadIsLeft();
    }

    private static void assertNoThreadIsLeft() {
        Optional<String> left =
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("fewbit-calibration"))
                        .findAny();
        assertThat(left).isEmpty();
    }
}
