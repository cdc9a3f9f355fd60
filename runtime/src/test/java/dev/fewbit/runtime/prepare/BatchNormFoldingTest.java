package dev.fewbit.runtime.prepare;

import static dev.fewbit.core.plan.Preparation.FOLD_BATCH_NORM;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.prepare.PreparationNote;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class BatchNormFoldingTest {

    private static Model prepared(Sketch sketch) {
        return sketch.preparedAlike(FOLD_BATCH_NORM);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, false",
        "1, 2, true",
        "2, 1, true",
        "2, 3, false",
        "2, 6, true",
        "3, 1, false",
        "3, 2, true"
    })
    void convolutionsOfAnyRankAndGroupsTakeItIn(int axes, int groups, boolean bias) {
        Sketch sketch = new Sketch();
        Object[] shape =
                axes == 1
                        ? new Object[] {"N", 6, 7}
                        : axes == 2 ? new Object[] {"N", 6, 7, 5} : new Object[] {"N", 6, 4, 5, 3};
        Value x = sketch.input("x", shape);
        long[] kernel =
                axes == 1
                        ? new long[] {12, 6 / groups, 3}
                        : axes == 2
                                ? new long[] {12, 6 / groups, 3, 2}
                                : new long[] {12, 6 / groups, 2, 3, 1};
        Value w = sketch.weights("w", kernel);
        Value c =
                bias
                        ? sketch.node(
                                "Conv",
                                "c",
                                n -> n.setAttribute("group", (long) groups),
                                x,
                                w,
                                sketch.weights("b", 12))
                        : sketch.node(
                                "Conv", "c", n -> n.setAttribute("group", (long) groups), x, w);
        sketch.output(sketch.node("Relu", "y", sketch.batchNorm("n", c, 12)));
        Model after = prepared(sketch);
        assertThat(Sketch.operators(after)).containsExactly("Conv", "Relu");
        Node conv = after.graph().nodes().getFirst();
        assertThat(conv.onlyOutput().name()).isEqualTo("n");
        assertThat(conv.input(1).name()).isEqualTo("w");
        assertThat(after.graph().initializers()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void transposedConvolutionsTakeItIn(int groups) {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4, 5, 5);
        Value w = sketch.weights("w", 4, 6 / groups, 2, 3);
        Value c =
                sketch.node(
                        "ConvTranspose",
                        "c",
                        n -> {
                            n.setAttribute("group", (long) groups);
                            n.setAttribute("strides", new long[] {2, 2});
                        },
                        x,
                        w);
        sketch.output(sketch.batchNorm("y", c, 6));
        assertThat(Sketch.operators(prepared(sketch))).containsExactly("ConvTranspose");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, none",
        "1, 0.5, 2, row",
        "0, 1, 3, one",
        "1, -2, 0.25, vector",
        "0, 1, 1, scalar"
    })
    void gemmTakesItIn(int transposed, float alpha, float beta, String bias) {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 5);
        Value w = transposed == 1 ? sketch.weights("w", 4, 5) : sketch.weights("w", 5, 4);
        Value c =
                switch (bias) {
                    case "row" -> sketch.weights("c", 1, 4);
                    case "one" -> sketch.weights("c", 1);
                    case "vector" -> sketch.weights("c", 4);
                    case "scalar" -> sketch.floats("c", new long[0], 0.5f);
                    default -> null;
                };
        java.util.function.Consumer<Node> attributes =
                n -> {
                    n.setAttribute("transB", (long) transposed);
                    n.setAttribute("alpha", alpha);
                    n.setAttribute("beta", beta);
                };
        Value g =
                c == null
                        ? sketch.node("Gemm", "g", attributes, x, w)
                        : sketch.node("Gemm", "g", attributes, x, w, c);
        sketch.output(sketch.batchNorm("y", g, 4));
        assertThat(Sketch.operators(prepared(sketch))).containsExactly("Gemm");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void productsOfMatricesTakeItIn(boolean bias) {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 5);
        Value p = sketch.node("MatMul", "p", x, sketch.weights("w", 5, 4));
        Value s = bias ? sketch.node("Add", "s", sketch.weights("b", 4), p) : p;
        sketch.output(sketch.batchNorm("y", s, 4));
        Model after = prepared(sketch);
        assertThat(Sketch.operators(after)).containsExactly("MatMul", "Add");
    }

    @Test
    void productsWithMoreAxesHaveOtherChannels() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4, 5);
        Value p = sketch.node("MatMul", "p", x, sketch.weights("w", 5, 4));
        sketch.output(sketch.batchNorm("y", p, 4));
        assertThat(Sketch.operators(prepared(sketch)))
                .containsExactly("MatMul", "BatchNormalization");
    }

    @Test
    void constantsPerChannelAreTakenIn() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 6, 6);
        Value c = sketch.node("Conv", "c", x, sketch.weights("w", 4, 3, 3, 3));
        Value a = sketch.node("Mul", "a", sketch.weights("a.scale", 1, 4, 1, 1), c);
        Value b = sketch.node("Add", "b", a, sketch.weights("b.shift", 4, 1, 1));
        Value d = sketch.node("Sub", "d", b, sketch.floats("d.by", new long[0], 0.25f));
        Value e = sketch.node("Div", "e", d, sketch.positive("e.by", 0.5, 4, 1, 1));
        Value f = sketch.node("Sub", "f", sketch.weights("f.from", 1, 4, 1, 1), e);
        sketch.output(sketch.batchNorm("y", f, 4));
        Model after = prepared(sketch);
        assertThat(Sketch.operators(after)).containsExactly("Conv");
        assertThat(after.graph().initializers()).hasSize(2);
    }

    @Test
    void constantsPerChannelOfAProductAreTakenIn() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", "T", 5);
        Value p = sketch.node("MatMul", "p", x, sketch.weights("w", 5, 4));
        Value s = sketch.node("Add", "s", p, sketch.weights("b", 4));
        Value m = sketch.node("Mul", "m", s, sketch.weights("g", 1, 1, 4));
        sketch.output(sketch.node("Add", "y", m, sketch.weights("h", 4)));
        Model after = prepared(sketch);
        assertThat(Sketch.operators(after)).containsExactly("MatMul", "Add");
        assertThat(after.graph().nodes().getLast().onlyOutput().name()).isEqualTo("y");
    }

    @Test
    void constantsThatDifferWithinAChannelStay() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 4, 4);
        Value c = sketch.node("Conv", "c", x, sketch.weights("w", 4, 3, 1, 1));
        // Broadcast along the last axis, which is as long as there are channels.
        Value a = sketch.node("Mul", "a", c, sketch.weights("columns", 4));
        Value q = sketch.node("Conv", "e", x, sketch.weights("u", 1, 3, 1, 1));
        Value d = sketch.node("Add", "f", q, sketch.weights("grows", 1, 4, 1, 1));
        sketch.output(a, d);
        assertThat(Sketch.operators(prepared(sketch)))
                .containsExactly("Conv", "Mul", "Conv", "Add");
    }

    @Test
    void aNormalizationInFrontOfALayerWithoutPaddingMovesForward() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4, 6, 6);
        Value r = sketch.node("Relu", "r", x);
        Value a =
                sketch.node(
                        "Conv",
                        "a",
                        n -> n.setAttribute("group", 2L),
                        sketch.batchNorm("n", r, 4),
                        sketch.weights("w", 6, 2, 3, 3));
        Value b =
                sketch.node(
                        "Conv",
                        "b",
                        n -> n.setAttribute("pads", new long[] {1, 1, 1, 1}),
                        sketch.batchNorm("m", r, 4),
                        sketch.weights("v", 6, 4, 3, 3));
        Value flat = sketch.node("Flatten", "flat", r);
        Value g =
                sketch.node(
                        "Gemm",
                        "g",
                        n -> n.setAttribute("alpha", 0.5f),
                        sketch.batchNorm("k", flat, 144),
                        sketch.weights("u", 144, 2),
                        sketch.weights("c", 2));
        Value p =
                sketch.node(
                        "MatMul",
                        "p",
                        sketch.batchNorm("l", flat, 144),
                        sketch.weights("t", 144, 2));
        sketch.output(a, b, g, p);
        Model after = Sketch.copy(sketch.model());
        List<PreparationNote> notes = Sketch.prepare(after, FOLD_BATCH_NORM);
        assertThat(Sketch.operators(after))
                .containsExactly(
                        "Relu",
                        "Conv",
                        "BatchNormalization",
                        "Conv",
                        "Flatten",
                        "Gemm",
                        "MatMul",
                        "Add");
        assertThat(after.graph().outputs())
                .extracting(Value::name)
                .containsExactly("a", "b", "g", "p");
        assertThat(notes)
                .filteredOn(note -> !note.done())
                .singleElement()
                .satisfies(note -> assertThat(note.text()).contains("Relu"));
        Equivalence.assertSame(sketch.model(), after);
    }

    @Test
    void whatOthersReadStaysAndIsExplained() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 6, 6);
        Value a = sketch.node("Conv", "a", x, sketch.weights("w", 4, 3, 3, 3));
        Value n = sketch.batchNorm("n", a, 4);
        Value b = sketch.node("Conv", "b", x, sketch.weights("v", 4, 3, 3, 3));
        Value m = sketch.batchNorm("m", b, 4);
        sketch.output(sketch.node("Add", "y", n, a), sketch.node("Relu", "z", m), b);
        Model after = Sketch.copy(sketch.model());
        List<PreparationNote> notes = Sketch.prepare(after, FOLD_BATCH_NORM);
        assertThat(Sketch.operators(after))
                .containsOnlyOnceElementsOf(List.of("Add", "Relu"))
                .hasSize(6);
        assertThat(notes)
                .extracting(PreparationNote::text)
                .anyMatch(text -> text.contains("read by others"))
                .anyMatch(text -> text.contains("output of the graph"));
    }

    @Test
    void weightsAndBiasesOfOthersAreNotTouched() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 6, 6);
        Value w = sketch.weights("w", 4, 3, 3, 3);
        Value bias = sketch.weights("bias", 4);
        Value a = sketch.batchNorm("n", sketch.node("Conv", "a", x, w, bias), 4);
        Value b = sketch.batchNorm("m", sketch.node("Conv", "b", x, w, bias), 4);
        sketch.output(a, b, sketch.node("Conv", "c", x, w, bias));
        Model after = prepared(sketch);
        assertThat(Sketch.operators(after)).containsExactly("Conv", "Conv", "Conv");
        assertThat(after.graph().initializers()).hasSize(6);
    }

    @Test
    void parametersThatAreNotConstantFloatsStay() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 6, 6);
        Value gamma = sketch.input("gamma", 4);
        Value a = sketch.node("Conv", "a", x, sketch.weights("w", 4, 3, 3, 3));
        Value n =
                sketch.node(
                        "BatchNormalization",
                        "n",
                        a,
                        gamma,
                        sketch.weights("beta", 4),
                        sketch.weights("mean", 4),
                        sketch.positive("variance", 0.1, 4));
        sketch.output(n);
        assertThat(Sketch.operators(prepared(sketch)))
                .containsExactly("Conv", "BatchNormalization");
    }

    @Test
    void channelsThatNeverVariedDoNotBecomeInfinite() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 6, 6);
        Value a = sketch.node("Conv", "a", x, sketch.weights("w", 2, 3, 3, 3));
        Value n =
                sketch.node(
                        "BatchNormalization",
                        "n",
                        b -> b.setAttribute("epsilon", 0f),
                        a,
                        sketch.weights("gamma", 2),
                        sketch.weights("beta", 2),
                        sketch.weights("mean", 2),
                        sketch.graph()
                                .addInitializer("variance", Tensor.ofFloats(new long[] {2}, 0, 1)));
        sketch.output(n);
        Model after = Sketch.copy(sketch.model());
        Sketch.prepare(after, FOLD_BATCH_NORM);
        assertThat(Sketch.operators(after)).containsExactly("Conv", "BatchNormalization");
    }
}
