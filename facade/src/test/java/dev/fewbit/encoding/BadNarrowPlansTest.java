package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.EncodingException;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Levels of few bits that no plan can have, or no kernel can read. */
class BadNarrowPlansTest {
    private static final AffineParameters PARAMETERS = new AffineParameters(0.1f, 0);

    @TempDir Path folder;

    private static InputPlan input(Affine format, int zeroPoint) {
        return new InputPlan(format, new AffineParameters(0.1f, zeroPoint), "min-max", "tested");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15})
    void widthsThatNoActivationHas(int bits) {
        Affine format = new Affine(bits, false, false);
        assertThatThrownBy(() -> new ActivationPlan("v", format, PARAMETERS, "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the activation 'v' has 2 to 8 bits or 16, got " + bits);
        assertThatThrownBy(() -> new InputPlan(format, PARAMETERS, "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the input of an operator has 2 to 8 bits, got " + bits);
    }

    @Test
    void anInputOfSixteenBits() {
        assertThatThrownBy(() -> input(new Affine(16, false, false), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 to 8 bits, got 16");
    }

    @Test
    void zeroPointsThatAreNoCodes() {
        assertThatThrownBy(() -> input(new Affine(4, false, false), 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the zero point of the input of an operator lies in 0 to 15, got 16");
        assertThatThrownBy(
                        () ->
                                new ActivationPlan(
                                        "v",
                                        new Affine(3, true, false),
                                        new AffineParameters(1, -5),
                                        "",
                                        ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the zero point of the activation 'v' lies in -4 to 3, got -5");
    }

    @Test
    void inputsOfNodesThatComputeInFloats() {
        Optional<InputPlan> input = Optional.of(input(new Affine(4, false, false), 0));
        assertThatThrownBy(() -> new OperatorPlan("c", "Conv", Arithmetic.FLOAT, input, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node 'c' computes in floats");
    }

    private void refuses(Consumer<PlanSketch> change, String... words) throws IOException {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Conv", n.input("x", 1, 4, 5, 5), n.constant("w", 6, 4, 3, 3));
        Net net = n.deliver(n.node("Add", x, n.input("y", 1, 6, 3, 3)));
        PlanSketch sketch = new ExactNet(folder).sketch(net);
        change.accept(sketch);
        byte[] before = OnnxWriter.toBytes(net.model());
        assertThatThrownBy(() -> new ExactNet(folder).encode(sketch))
                .isInstanceOf(EncodingException.class)
                .hasMessageContainingAll(words);
        assertThat(OnnxWriter.toBytes(net.model())).isEqualTo(before);
    }

    @Test
    void inputsOfOperatorsWithoutWeights() throws IOException {
        refuses(
                sketch -> ExactNet.input(sketch, "Add", ExactNet.unsigned(4), 0.1f, 0),
                "input of Add \"Add\"",
                "for nodes with weights",
                "the levels of 'Conv_output'");
    }

    @Test
    void inputsOfValuesThatStayFloat() throws IOException {
        refuses(
                sketch -> {
                    ExactNet.input(sketch, "Conv", ExactNet.unsigned(4), 0.1f, 0);
                    sketch.activations.remove("x");
                },
                "no parameters for its input 'x'");
    }

    @Test
    void inputsOfAnotherType() throws IOException {
        refuses(
                sketch -> ExactNet.input(sketch, "Conv", new Affine(4, true, false), 0.1f, 0),
                "to int4, which is stored as INT8",
                "'x' to uint8, stored as UINT8",
                "plan both signed or both unsigned");
    }
}
