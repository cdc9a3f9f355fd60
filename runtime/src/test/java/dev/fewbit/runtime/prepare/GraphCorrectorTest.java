package dev.fewbit.runtime.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.core.plan.Correction.ChannelGain;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.onnx.correct.CorrectionException;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.data.NumberArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;

class GraphCorrectorTest {

    private static Model corrected(Sketch sketch, Correction... corrections) {
        Model copy = Sketch.copy(sketch.model());
        GraphCorrector.apply(copy, List.of(corrections));
        return copy;
    }

    private static Value named(Model model, String name) {
        return model.graph().initializers().keySet().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Conv",
                "Conv with bias",
                "ConvTranspose",
                "Gemm",
                "Gemm with bias",
                "MatMul",
                "MatMul with bias"
            })
    void shiftsArriveAtTheOutputChannels(String layer) {
        Sketch sketch = new Sketch();
        boolean image = layer.startsWith("Conv");
        Value x = image ? sketch.input("x", "N", 3, 4, 4) : sketch.input("x", "N", 3);
        long[] shape =
                layer.equals("ConvTranspose")
                        ? new long[] {3, 2, 1, 1}
                        : image ? new long[] {2, 3, 1, 1} : new long[] {3, 2};
        Value w = sketch.weights("w", shape);
        String operator = layer.split(" ", 2)[0];
        boolean bias = layer.endsWith("bias");
        Value y;
        if (operator.equals("MatMul") && bias) {
            y = sketch.node("Add", "y", sketch.weights("b", 2), sketch.node("MatMul", "p", x, w));
        } else {
            String name = operator.equals("MatMul") ? "p" : "y";
            y =
                    bias
                            ? sketch.node(operator, name, x, w, sketch.weights("b", 2))
                            : sketch.node(operator, name, x, w);
        }
        sketch.output(y);
        String label = operator.equals("MatMul") ? "MatMul_of_p" : operator + "_of_y";
        Model after = corrected(sketch, new BiasShift(label, List.of(1f, -2f), "test"));
        for (int free : List.of(1, 3)) {
            Map<String, NumberArray> inputs = Equivalence.inputs(after, free, false);
            NumberArray before = Equivalence.run(sketch.model(), inputs).get(y.name());
            NumberArray got = Equivalence.run(after, inputs).get(y.name());
            int inner = image ? 16 : 1;
            for (int i = 0; i < before.size(); i++) {
                double shift = i / inner % 2 == 0 ? 1 : -2;
                // Five roundings of numbers below 16.
                assertThat(got.doubleAt(i) - before.doubleAt(i))
                        .isCloseTo(shift, org.assertj.core.api.Assertions.within(5 * 16 * 0x1p-24));
            }
        }
    }

    @Test
    void aConstantBiasThatOthersReadIsCopied() throws IOException {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value bias = sketch.floats("bias", new long[] {2}, 1, 2);
        Value a = sketch.node("Gemm", "a", x, sketch.weights("w", 2, 2), bias);
        sketch.output(a, sketch.node("Add", "b", x, bias));
        Model after = corrected(sketch, new BiasShift("Gemm_of_a", List.of(1f, 1f), "test"));
        assertThat(named(after, "bias").initializer().floats()).containsExactly(1, 2);
        assertThat(after.graph().nodes().getFirst().input(2).initializer().floats())
                .containsExactly(2, 3);
    }

    /** A layer norm written out, and two products behind it. */
    private static Sketch normalized() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3);
        Value m = sketch.node("Mul", "m", x, sketch.weights("gamma", 3));
        Value h = sketch.node("Add", "h", m, sketch.weights("beta", 3));
        Value q = sketch.node("MatMul", "q", h, sketch.weights("wq", 3, 2));
        Value k =
                sketch.node(
                        "Gemm",
                        "k",
                        n -> n.setAttribute("transB", 1L),
                        h,
                        sketch.weights("wk", 4, 3));
        return sketch.output(q, k);
    }

    private static final ChannelScaling SMOOTHING =
            new ChannelScaling(
                    "h",
                    List.of(new ChannelAxis("gamma", 0), new ChannelAxis("beta", 0)),
                    List.of(new ChannelAxis("wq", 0), new ChannelAxis("wk", 1)),
                    List.of(2f, 0.3f, 5f),
                    "test");

    @Test
    void rescaledChannelsComputeTheSame() throws IOException {
        Model after = corrected(normalized(), SMOOTHING);
        float[] before = named(normalized().model(), "gamma").initializer().floats();
        assertThat(named(after, "gamma").initializer().floats())
                .containsExactly(
                        before[0] / 2,
                        (float) (before[1] * (1 / (double) 0.3f)),
                        (float) (before[2] * 0.2));
        Equivalence.assertSame(normalized().model(), after);
    }

    @Test
    void sharedConstantsAreCopiedForTheNodesConcerned() throws IOException {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3);
        Value gamma = sketch.weights("gamma", 3);
        Value beta = sketch.weights("beta", 3);
        Value w = sketch.weights("w", 3, 3);
        Value h = sketch.node("Add", "h", sketch.node("Mul", "m", x, gamma), beta);
        Value y = sketch.node("MatMul", "y", h, w);
        Value g = sketch.node("Add", "g", sketch.node("Mul", "l", y, gamma), beta);
        sketch.output(sketch.node("MatMul", "z", g, w));
        Correction first =
                new ChannelScaling(
                        "h",
                        List.of(new ChannelAxis("gamma", 0), new ChannelAxis("beta", 0)),
                        List.of(new ChannelAxis("w", 0)),
                        List.of(2f, 0.3f, 5f),
                        "test");
        Model after = corrected(sketch, first);
        Equivalence.assertSame(sketch.model(), after);
        assertThat(after.graph().initializers()).hasSize(6);
        assertThat(named(after, "w").initializer().floats())
                .containsExactly(w.initializer().floats());
    }

    @Test
    void aSharedConstantThatBelongsToNobodyIsRefused() {
        Sketch sketch = normalized();
        Value gamma = named(sketch.model(), "gamma");
        sketch.output(sketch.node("Exp", "e", gamma));
        Correction other =
                new ChannelScaling(
                        "elsewhere",
                        List.of(new ChannelAxis("gamma", 0)),
                        List.of(),
                        List.of(1f, 2f, 3f),
                        "test");
        assertThatThrownBy(() -> corrected(sketch, other))
                .isInstanceOf(CorrectionException.class)
                .hasMessageContaining("gamma")
                .hasMessageContaining("2 nodes");
    }

    @Test
    void gainsMultiplyTheInputsOfOneLayer() throws IOException {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4, 5, 5);
        Value w = sketch.weights("w", 4, 2, 1, 1);
        Value a = sketch.node("Conv", "a", n -> n.setAttribute("group", 2L), x, w);
        sketch.output(a, sketch.node("Conv", "b", n -> n.setAttribute("group", 2L), x, w));
        float[] before = w.initializer().floats();

        Model after =
                corrected(sketch, new ChannelGain("Conv_of_a", List.of(2f, 3f, 5f, 7f), "test"));

        // Two groups of two channels each: the second group reads channels 2 and 3.
        assertThat(after.graph().nodes().getFirst().input(1).initializer().floats())
                .containsExactly(
                        2 * before[0],
                        3 * before[1],
                        2 * before[2],
                        3 * before[3],
                        5 * before[4],
                        7 * before[5],
                        5 * before[6],
                        7 * before[7]);
        assertThat(named(after, "w").initializer().floats()).containsExactly(before);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refuse(new BiasShift("nobody", List.of(1f), "test"), "no such node");
        refuse(new BiasShift("Mul_of_m", List.of(1f), "test"), "no Conv");
        refuse(new BiasShift("MatMul_of_q", List.of(1f), "test"), "2 output channels");
        refuse(new ChannelGain("nobody", List.of(1f), "test"), "no such node");
        refuse(new ChannelGain("MatMul_of_q", List.of(1f), "test"), "3 of them");
        refuse(scaling("nothing", 0), "no constant of that name");
        refuse(scaling("wq", 1), "3 channels along axis 1");
        refuse(scaling("wq", 2), "axis 2");
        refuse(scaling("x", 0), "no constant");
    }

    private static Correction scaling(String tensor, int axis) {
        return new ChannelScaling(
                "h",
                List.of(),
                List.of(new ChannelAxis(tensor, axis)),
                List.of(1f, 2f, 3f),
                "test");
    }

    private static void refuse(Correction correction, String why) {
        assertThatThrownBy(() -> corrected(normalized(), correction))
                .isInstanceOf(CorrectionException.class)
                .hasMessageContaining(why);
    }

    @Test
    void constantsOfAnotherTypeAreRefused() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", dev.fewbit.onnx.graph.ElementType.INT64, "N", 3);
        Value c = sketch.graph().addInitializer("c", Tensor.ofLongs(new long[] {3}, 1, 2, 3));
        sketch.output(sketch.node("Mul", "h", x, c));
        assertThatThrownBy(() -> corrected(sketch, scaling("c", 0)))
                .isInstanceOf(CorrectionException.class)
                .hasMessageContaining("INT64");
    }
}
