package dev.fewbit.runtime.prepare;

import static dev.fewbit.core.plan.Preparation.FOLD_BATCH_NORM;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

class ConstantChannelsTest {

    private static Model prepared(Sketch sketch) {
        return sketch.preparedAlike(FOLD_BATCH_NORM);
    }

    private static float[] floats(Model model, String name) throws IOException {
        return Sketch.initializer(model, name).initializer().floats();
    }

    /** Two channels: one lives, the other has hardly any weight and the bias given. */
    private static Sketch switchedOff(float bias, long pad) {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 1, 4, 4);
        Value w = sketch.floats("w", new long[] {2, 1, 1, 1}, 0.5f, 1e-12f);
        Value b = sketch.floats("b", new long[] {2}, 0.25f, bias);
        Value a = sketch.clipToSix("a", sketch.node("Conv", "c", x, w, b));
        Value d =
                sketch.node(
                        "Conv",
                        "d",
                        n -> {
                            n.setAttribute("group", 2L);
                            n.setAttribute("pads", new long[] {pad, pad, pad, pad});
                        },
                        a,
                        sketch.floats("v", new long[] {2, 1, 1, 1}, 1, 60),
                        sketch.floats("e", new long[] {2}, -1, 2));
        Value f =
                sketch.node("Conv", "f", sketch.clipToSix("g", d), sketch.weights("u", 3, 2, 1, 1));
        return sketch.output(f);
    }

    @Test
    void weightsBehindADeadChannelBecomeZero() throws IOException {
        Model after = prepared(switchedOff(-0.5f, 1));
        assertThat(floats(after, "w")).containsExactly(0.5f, 0);
        assertThat(floats(after, "b")).containsExactly(0.25f, 0);
        assertThat(floats(after, "v")).containsExactly(1, 0);
        assertThat(floats(after, "e")).containsExactly(-1, 2);
        float[] last = floats(after, "u");
        // The dead channel makes the next one constant: 2 everywhere, which goes into a new bias.
        assertThat(last[1]).isZero();
        assertThat(floats(after, "Conv_of_f.bias")).hasSize(3);
    }

    @Test
    void aChannelThatAlwaysSaturatesMovesIntoTheBias() throws IOException {
        Model after = prepared(switchedOff(7, 0));
        assertThat(floats(after, "w")).containsExactly(0.5f, 0);
        assertThat(floats(after, "b")).containsExactly(0.25f, 6);
        assertThat(floats(after, "v")).containsExactly(1, 0);
        // 60 * 6 + 2 exceeds the second Clip, so that channel is 6 always.
        assertThat(floats(after, "e")).containsExactly(-1, 6);
    }

    @Test
    void aConstantOtherThanZeroStaysWherePaddingMixesInZeros() throws IOException {
        Model after = prepared(switchedOff(7, 1));
        assertThat(floats(after, "w")).containsExactly(0.5f, 0);
        assertThat(floats(after, "v")).containsExactly(1, 60);
    }

    @ParameterizedTest
    @ValueSource(floats = {-1e-9f, 0, 1e-3f, 0.05f})
    void aChannelThatMayStillFireStays(float bias) throws IOException {
        Model after = prepared(switchedOff(bias, 0));
        assertThat(floats(after, "w")).containsExactly(0.5f, 1e-12f);
        assertThat(floats(after, "v")).containsExactly(1, 60);
    }

    @Test
    void matricesAndSumsAreFollowedToo() throws IOException {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value w = sketch.floats("w", new long[] {2, 2}, 0.5f, 0, 0.25f, 0);
        Value a =
                sketch.node(
                        "Relu",
                        "a",
                        sketch.node("Gemm", "g", x, w, sketch.floats("b", new long[] {2}, 1, -1)));
        Value v = sketch.floats("v", new long[] {2, 2}, 0.5f, 0, 0.25f, 0);
        Value c =
                sketch.node(
                        "Relu",
                        "c",
                        sketch.node(
                                "Add",
                                "e",
                                sketch.node("MatMul", "m", x, v),
                                sketch.floats("d", new long[] {2}, 1, 3)));
        Value s = sketch.node("Add", "s", a, c);
        sketch.output(sketch.node("MatMul", "y", s, sketch.floats("u", new long[] {2, 1}, 1, 50)));
        Model after = prepared(sketch);
        // The bounds of a sum are widened by its rounding, so only an exact constant would go.
        assertThat(floats(after, "u")).containsExactly(1, 50);
        assertThat(floats(after, "b")).containsExactly(1, 0);
    }

    @Test
    void weightsThatOthersReadAreNotTouched() throws IOException {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 1);
        Value w = sketch.floats("w", new long[] {1, 2}, 1e-12f, 1);
        Value a =
                sketch.node(
                        "Relu",
                        "a",
                        sketch.node("Gemm", "g", x, w, sketch.floats("b", new long[] {2}, -1, 0)));
        Value z = sketch.node("Gemm", "z", x, w);
        sketch.output(
                z, sketch.node("MatMul", "y", a, sketch.floats("v", new long[] {2, 1}, 9, 1)));
        Model after = prepared(sketch);
        assertThat(floats(after, "w")).containsExactly(1e-12f, 1);
        assertThat(floats(after, "v")).containsExactly(0, 1);
    }
}
