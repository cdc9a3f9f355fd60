package dev.fewbit.runtime.prepare;

import static dev.fewbit.core.plan.Preparation.EQUALIZE;
import static dev.fewbit.core.plan.Preparation.UNCLIP_RELU;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.prepare.Equalization;
import dev.fewbit.onnx.prepare.PreparationNote;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;

class EqualizationTest {

    private static Model equalized(Sketch sketch) {
        return sketch.preparedAlike(EQUALIZE);
    }

    /** Multiplies output channel c of a constant by 2^(c - 2). */
    private static void makeUneven(Value weights, int channels) {
        try {
            Tensor tensor = weights.initializer();
            float[] values = tensor.floats();
            int each = values.length / channels;
            for (int i = 0; i < values.length; i++) {
                values[i] *= (float) Math.pow(2, i / each - 2);
            }
            weights.graph().setInitializer(weights, Tensor.ofFloats(tensor.shape(), values));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void assertEven(Model model) {
        for (Equalization.Pair pair : Equalization.pairs(model)) {
            double[] first = pair.first().outputChannels().magnitudes(pair.first().weights());
            double[] second = pair.second().inputChannels().magnitudes(pair.second().weights());
            for (int channel = 0; channel < first.length; channel++) {
                double most = 0;
                for (int i = 0; i < pair.repeats(); i++) {
                    most = Math.max(most, second[channel * pair.repeats() + i]);
                }
                assertThat(first[channel] / most).isCloseTo(1, within(0.01));
            }
        }
    }

    private static Sketch chain(UnaryOperator<Value> middle, Sketch sketch) {
        Value x = sketch.input("x", "N", 3, 8, 8);
        Value w = sketch.weights("w", 6, 3, 3, 3);
        makeUneven(w, 6);
        Value a = sketch.node("Conv", "a", x, w);
        Value b = middle.apply(a);
        return sketch.output(
                sketch.node(
                        "Conv", "y", b, sketch.weights("v", 2, 6, 1, 1), sketch.weights("c", 2)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Relu",
                "LeakyRelu",
                "Identity",
                "GlobalAveragePool",
                "GlobalMaxPool",
                "MaxPool",
                "AveragePool"
            })
    void channelsPassThroughWhatKeepsFactors(String operator) {
        Sketch sketch = new Sketch();
        Model after =
                equalized(
                        chain(
                                a ->
                                        sketch.node(
                                                operator,
                                                "m",
                                                n -> {
                                                    if (operator.equals("MaxPool")
                                                            || operator.equals("AveragePool")) {
                                                        n.setAttribute(
                                                                "kernel_shape", new long[] {2, 2});
                                                    }
                                                },
                                                a),
                                sketch));
        assertThat(Equalization.pairs(after)).hasSize(1);
        assertEven(after);
    }

    @Test
    void depthwiseChainsSettle() {
        Sketch sketch = new Sketch();
        Value value = sketch.input("x", "N", 3, 8, 8);
        Value w = sketch.weights("w0", 8, 3, 3, 3);
        makeUneven(w, 8);
        value = sketch.node("Relu", "r0", sketch.node("Conv", "c0", value, w));
        for (int block = 1; block < 4; block++) {
            Value deep = sketch.weights("d" + block, 8, 1, 3, 3);
            makeUneven(deep, 8);
            value =
                    sketch.node(
                            "Conv",
                            "e" + block,
                            n -> {
                                n.setAttribute("group", 8L);
                                n.setAttribute("pads", new long[] {1, 1, 1, 1});
                            },
                            value,
                            deep);
            value = sketch.node("Relu", "f" + block, value);
            Value point = sketch.weights("p" + block, 8, 8, 1, 1);
            value = sketch.node("Conv", "g" + block, value, point);
            value =
                    sketch.node(
                            "PRelu", "h" + block, value, sketch.weights("slope" + block, 8, 1, 1));
        }
        Value mean =
                sketch.node(
                        "ReduceMean",
                        "mean",
                        n -> {
                            n.setAttribute("axes", new long[] {2, 3});
                            n.setAttribute("keepdims", 0L);
                        },
                        value);
        sketch.output(
                sketch.node(
                        "Gemm",
                        "y",
                        n -> n.setAttribute("transB", 1L),
                        mean,
                        sketch.weights("u", 5, 8)));
        Model after = equalized(sketch);
        assertThat(Equalization.pairs(after)).hasSize(7);
        assertEven(after);
    }

    @Test
    void matricesFlattenedImagesAndGroupsAreRescaled() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4, 4, 4);
        Value w = sketch.weights("w", 6, 2, 3, 3);
        makeUneven(w, 6);
        Value a = sketch.node("Conv", "a", n -> n.setAttribute("group", 2L), x, w);
        Value t =
                sketch.node(
                        "ConvTranspose",
                        "t",
                        n -> n.setAttribute("group", 3L),
                        sketch.node("Relu", "r", a),
                        sketch.weights("v", 6, 2, 2, 2));
        Value flat = sketch.node("Flatten", "flat", sketch.node("Relu", "s", t));
        Value g =
                sketch.node("Gemm", "g", flat, sketch.weights("u", 54, 5), sketch.weights("c", 5));
        Value p =
                sketch.node("MatMul", "p", sketch.node("Relu", "q", g), sketch.weights("m", 5, 7));
        Value b = sketch.node("Add", "b", p, sketch.weights("d", 7));
        sketch.output(
                sketch.node(
                        "MatMul",
                        "y",
                        sketch.node("LeakyRelu", "l", b),
                        sketch.weights("o", 7, 3)));
        Model after = equalized(sketch);
        assertThat(Equalization.pairs(after))
                .hasSize(4)
                .extracting(Equalization.Pair::repeats)
                .containsExactly(1, 9, 1, 1);
        assertEven(after);
    }

    @Test
    void layersWithOtherReadersOrOutputsOrMixingStepsAreLeft() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4, 4, 4);
        Value a = sketch.node("Conv", "a", x, sketch.weights("w", 4, 4, 1, 1));
        Value b = sketch.node("Conv", "b", a, sketch.weights("v", 4, 4, 1, 1));
        Value c =
                sketch.node(
                        "Conv",
                        "c",
                        sketch.node("Add", "s", a, b),
                        sketch.weights("u", 4, 4, 1, 1));
        Value d =
                sketch.node(
                        "Conv", "d", sketch.node("Tanh", "t", c), sketch.weights("q", 4, 4, 1, 1));
        Value shared = sketch.weights("shared", 4, 4, 1, 1);
        Value e = sketch.node("Conv", "e", d, shared);
        Value f =
                sketch.node(
                        "Conv",
                        "f",
                        sketch.node(
                                "Clip",
                                "k",
                                e,
                                sketch.floats("zero", new long[0], 0),
                                sketch.floats("six", new long[0], 6)),
                        sketch.weights("p", 4, 4, 1, 1));
        sketch.output(sketch.node("Conv", "z", f, shared), d);
        List<Equalization.Link> links = Equalization.links(sketch.model());
        assertThat(links).hasSize(7).allMatch(Equalization.Obstacle.class::isInstance);
        assertThat(links)
                .extracting(link -> ((Equalization.Obstacle) link).reason())
                .anyMatch(reason -> reason.contains("2 nodes read its result"))
                .anyMatch(reason -> reason.contains("Add"))
                .anyMatch(reason -> reason.contains("Tanh"))
                .anyMatch(reason -> reason.contains("is an output of the graph"))
                .anyMatch(reason -> reason.contains("read its weights too"));
        Equivalence.assertIdentical(sketch.model(), equalized(sketch));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void clipsToSixBecomeReluWhereThatHelps(int opset) {
        Sketch sketch = new Sketch(opset);
        Value x = sketch.input("x", "N", 4, 4, 4);
        Value a =
                sketch.clipToSix("k", sketch.node("Conv", "a", x, sketch.weights("w", 4, 4, 1, 1)));
        Value b = sketch.node("Conv", "b", a, sketch.weights("v", 4, 4, 1, 1));
        sketch.output(sketch.node("Tanh", "y", sketch.clipToSix("l", b)));
        Model only = Sketch.copy(sketch.model());
        List<PreparationNote> notes = Sketch.prepare(only, EQUALIZE);
        assertThat(notes)
                .extracting(PreparationNote::text)
                .anyMatch(text -> text.contains("unclip-relu"));
        assertThat(Equalization.pairs(only)).singleElement().matches(Equalization.Pair::clipped);
        Model after = Sketch.copy(sketch.model());
        Sketch.prepare(after, EQUALIZE, UNCLIP_RELU);
        assertThat(Sketch.operators(after)).containsExactly("Conv", "Relu", "Conv", "Clip", "Tanh");
        assertThat(after.graph().nodes().get(1).onlyOutput().name()).isEqualTo("k");
        assertEven(after);
        // Weights and inputs are so small that nothing reaches 6, so both compute the same.
        Equivalence.assertSame(sketch.model(), after);
    }

    /** Relu6 network whose second channel stays below 6 by far, whatever it is fed. */
    private static Sketch clipped() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 1, 4, 4);
        Value a =
                sketch.clipToSix("a", sketch.node("Conv", "i", x, sketch.weights("o", 2, 1, 1, 1)));
        Value w = sketch.floats("w", new long[] {2, 2, 1, 1}, 4, 4, 0.01f, 0.02f);
        Value b = sketch.floats("b", new long[] {2}, 1, 0.25f);
        Value c = sketch.clipToSix("k", sketch.node("Conv", "c", a, w, b));
        return sketch.output(
                sketch.node("Conv", "y", c, sketch.floats("v", new long[] {1, 2, 1, 1}, 1, 1)));
    }

    @Test
    void underAClipOnlyChannelsAreRescaledThatNeverReachIt() {
        Model after = equalized(clipped());
        Equalization.Pair pair = Equalization.pairs(after).getLast();
        assertThat(pair.clipped()).isTrue();
        float[] first = pair.first().weights();
        float[] second = pair.second().weights();
        assertThat(first[0]).isEqualTo(4);
        assertThat(second[0]).isEqualTo(1);
        // The second reaches 0.25 + 6 * 0.03 at most, and the bias 1 is the largest.
        assertThat(second[1]).isCloseTo(0.25f, within(1e-3f));
        assertThat(first[3] * second[1]).isCloseTo(0.02f, within(1e-6f));
    }

    @Test
    void channelsCanBeRescaledByACorrection() {
        Model model = Sketch.copy(clipped().model());
        Equalization.Pair pair = Equalization.scalable(model).getLast();
        Correction.ChannelScaling scaling =
                Equalization.scaling(pair, List.of(1f, 0.43f / 6), "test");
        assertThat(scaling.value()).isEqualTo("k");
        assertThat(scaling.divided())
                .containsExactly(
                        new Correction.ChannelAxis("w", 0), new Correction.ChannelAxis("b", 0));
        assertThat(scaling.multiplied()).containsExactly(new Correction.ChannelAxis("v", 1));
        GraphCorrector.apply(model, List.of(scaling));
        Equivalence.assertSame(clipped().model(), model);
    }

    @Test
    void bothRangesBecomeTheirGeometricMeanAndDeadChannelsStay() {
        float[] produced = {4, 0.01f, 1, 100, 0, 5, 0};
        float[] consumed = {1, 1, 9, 0.01f, 5, 0, 0};
        Sketch sketch = new Sketch();
        Value a =
                sketch.node(
                        "MatMul",
                        "a",
                        sketch.input("x", "N", 1),
                        sketch.floats("w", new long[] {1, produced.length}, produced));
        sketch.output(
                sketch.node(
                        "MatMul",
                        "y",
                        sketch.node("Relu", "r", a),
                        sketch.floats("v", new long[] {consumed.length, 1}, consumed)));
        Equalization.Pair pair = Equalization.pairs(equalized(sketch)).getFirst();
        float[] first = pair.first().weights();
        float[] second = pair.second().weights();
        for (int i = 0; i < produced.length; i++) {
            if (produced[i] != 0 && consumed[i] != 0) {
                float mean = (float) Math.sqrt(produced[i] * consumed[i]);
                assertThat(first[i]).isCloseTo(mean, within(1e-5f * mean));
                assertThat(second[i]).isCloseTo(mean, within(1e-5f * mean));
            } else {
                assertThat(first[i]).isEqualTo(produced[i]);
                assertThat(second[i]).isEqualTo(consumed[i]);
            }
        }
    }

    @Test
    void deadChannelsWithABiasAreNotBlownUp() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value w = sketch.floats("w", new long[] {2, 3}, 1, 1e-9f, 0, -0.5f, 1e-9f, 0);
        Value a =
                sketch.node("Gemm", "a", x, w, sketch.floats("b", new long[] {3}, 1, 0.5f, 0.25f));
        sketch.output(
                sketch.node(
                        "MatMul",
                        "y",
                        sketch.node("Relu", "r", a),
                        sketch.floats("v", new long[] {3, 1}, 1, 1, 1)));
        Model after = equalized(sketch);
        Node gemm = after.graph().nodes().getFirst();
        double[] bias = LinearLayer.of(gemm, new Constants(after)).orElseThrow().bias();
        assertThat(bias[1]).isCloseTo(1, within(1e-6));
        assertThat(bias[2]).isCloseTo(0.25, within(1e-6));
    }
}
