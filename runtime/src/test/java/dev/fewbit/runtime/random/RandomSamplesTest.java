package dev.fewbit.runtime.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.data.Dimension;
import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

class RandomSamplesTest {

    private static final InputUse UNKNOWN =
            new InputUse(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    @TempDir private Path folder;

    private static RandomSamples fit(Path model, long seed, int count) throws IOException {
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            return RandomSamples.fitting(session, OnnxReader.read(model).graph(), seed, count);
        }
    }

    private static NavigableSet<Double> values(NumberArray array) {
        NavigableSet<Double> values = new TreeSet<>();
        for (int i = 0; i < array.size(); i++) {
            values.add(array.doubleAt(i));
        }
        return values;
    }

    @Test
    void tokensStayInTheirTableMasksAreOnesTypesAreZeros() throws IOException {
        RandomSamples samples = fit(TestModels.encoder(folder.resolve("e.onnx"), 32), 1, 5);
        List<Sample> drawn = samples.first(10);
        assertThat(drawn).hasSize(5);
        NavigableSet<Double> tokens = new TreeSet<>();
        for (Sample sample : drawn) {
            assertThat(sample.inputs().get("input_ids").shape()).containsExactly(1, 32);
            tokens.addAll(values(sample.inputs().get("input_ids")));
            assertThat(values(sample.inputs().get("attention_mask"))).containsExactly(1.0);
            assertThat(values(sample.inputs().get("token_type_ids"))).containsExactly(0.0);
        }
        assertThat(tokens.first()).isGreaterThanOrEqualTo(0);
        assertThat(tokens.last()).isLessThan(50);
        assertThat(tokens).hasSizeGreaterThan(30);
        assertThat(samples.random()).isTrue();
        assertThat(samples.description())
                .isEqualTo(
                        "5 random samples (seed 1): input_ids [1, 32] 0 to 49, attention_mask"
                                + " [1, 32] all 1, token_type_ids [1, 32] all 0");
    }

    @Test
    void otherSizesAreTriedWhenTheModelRefuses() throws IOException {
        RandomSamples samples = fit(TestModels.encoder(folder.resolve("e.onnx"), 8), 1, 1);
        assertThat(samples.first(1).getFirst().inputs().get("input_ids").shape())
                .containsExactly(1, 8);
    }

    @Test
    void whenNoSizeFitsTheRefusalIsShown() throws IOException {
        Path odd = TestModels.encoder(folder.resolve("e.onnx"), 11);
        // A sequence of length 1 broadcasts, so that even this model accepts one of the sizes.
        assertThat(fit(odd, 1, 1).first(1).getFirst().inputs().get("input_ids").shape())
                .containsExactly(1, 1);
        Path impossible = impossible();
        assertThatThrownBy(() -> fit(impossible, 1, 1))
                .isInstanceOf(RuntimeModelException.class)
                .hasMessageContaining("no random inputs were found")
                .hasMessageContaining("x [1, 32]")
                .hasMessageContaining(".npz");
    }

    /** Takes eleven elements only, a number that is not tried. */
    private Path impossible() throws IOException {
        Graph graph = new Graph("impossible");
        Value x = TestModels.value("x", ElementType.FLOAT, "a", "b");
        graph.addInput(x);
        Value eleven = graph.addInitializer("eleven", Tensor.ofLongs(new long[] {1}, 11));
        graph.addOutput(TestModels.node(graph, "Reshape", "y", x, eleven));
        return TestModels.write(graph, folder.resolve("impossible.onnx"));
    }

    @Test
    void channelsComeFromTheConvolution() throws IOException {
        RandomSamples samples = fit(TestModels.convolution(folder.resolve("c.onnx"), 5), 3, 1);
        assertThat(samples.first(1).getFirst().inputs().get("image").shape())
                .containsExactly(1, 5, 224, 224);
    }

    @Test
    void theSeedDecides() throws IOException {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        List<NavigableSet<Double>> draws = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            draws.add(values(fit(model, seed, 2).first(2).getLast().inputs().get("x")));
        }
        assertThat(draws.get(1)).isEqualTo(draws.get(0));
        assertThat(draws.get(2)).isNotEqualTo(draws.get(0));
        RandomSamples samples = fit(model, 1, 2);
        assertThat(values(samples.first(2).get(0).inputs().get("x")))
                .isNotEqualTo(values(samples.first(2).get(1).inputs().get("x")));
    }

    private static InputSpecification input(String name, NumberType type, Object... shape) {
        List<Dimension> dimensions = new ArrayList<>();
        for (Object size : shape) {
            dimensions.add(
                    size instanceof String symbol
                            ? new Dimension(Dimension.FREE, symbol)
                            : new Dimension(((Number) size).longValue(), ""));
        }
        return new InputSpecification(name, type, dimensions);
    }

    @Test
    void namesOfAxesAreUnderstood() {
        Sizes sizes = new Sizes(32, 224, 192);
        assertThat(
                        sizes.shape(
                                input(
                                        "past.0.key",
                                        NumberType.FLOAT32,
                                        "batch",
                                        4,
                                        "past_sequence_length",
                                        8),
                                UNKNOWN))
                .containsExactly(1, 4, 0, 8);
        assertThat(
                        sizes.shape(
                                input(
                                        "attention_mask",
                                        NumberType.INT64,
                                        "batch_size",
                                        "past_sequence_length + sequence_length"),
                                UNKNOWN))
                .containsExactly(1, 32);
        assertThat(sizes.shape(input("image", NumberType.UINT8, "unk__1", "h1", "w1", 3), UNKNOWN))
                .containsExactly(1, 224, 192, 3);
        assertThat(sizes.shape(input("s", NumberType.FLOAT32), UNKNOWN)).isEmpty();
    }

    @Test
    void rolesFollowNameTypeAndUse() {
        InputUse table =
                new InputUse(OptionalLong.of(9), OptionalLong.empty(), OptionalLong.empty());
        assertThat(InputRoles.of(input("position_ids", NumberType.INT64, "b", "s"), table))
                .isEqualTo(new InputRole.Positions(9));
        assertThat(InputRoles.of(input("category", NumberType.INT32, "b"), table))
                .isEqualTo(new InputRole.Indices(9));
        assertThat(InputRoles.of(input("src_length", NumberType.INT64, "b"), UNKNOWN))
                .isEqualTo(new InputRole.Length());
        assertThat(InputRoles.of(input("image", NumberType.UINT8, 1, 8, 8, 3), UNKNOWN))
                .isEqualTo(new InputRole.Indices(256));
        assertThat(InputRoles.of(input("padding_mask", NumberType.BOOL, "b", "s"), UNKNOWN))
                .isEqualTo(new InputRole.Constant(1));
        assertThat(InputRoles.of(input("x", NumberType.FLOAT16, "b"), UNKNOWN))
                .isEqualTo(new InputRole.Noise());
    }
}
