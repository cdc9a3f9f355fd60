package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.AttributeValue.StringValue;
import dev.fewbit.onnx.graph.AttributeValue.StringsValue;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.function.Consumer;

class RecurrencesTest {
    private static final int STEPS = 5;
    private static final int BATCH = 3;
    private static final int INPUT = 4;
    private static final int HIDDEN = 6;

    /** With input, weights and biases. */
    private static OperatorCheck layer(String opType, int directions) {
        long gates = gates(opType);
        return OperatorCheck.of(opType)
                .floats("x", STEPS, BATCH, INPUT)
                .floats("w", directions, gates * HIDDEN, INPUT)
                .floats("r", directions, gates * HIDDEN, HIDDEN)
                .floats("b", directions, 2 * gates * HIDDEN)
                .with(node -> node.setAttribute("hidden_size", HIDDEN))
                .outputs(opType.equals("LSTM") ? 3 : 2);
    }

    private static long gates(String opType) {
        return switch (opType) {
            case "RNN" -> 1;
            case "GRU" -> 3;
            default -> 4;
        };
    }

    private static Consumer<Node> direction(String name) {
        return node -> node.setAttribute("direction", name);
    }

    private static Consumer<Node> activations(String... names) {
        return node ->
                node.setAttribute(
                        "activations",
                        new StringsValue(Arrays.stream(names).map(StringValue::new).toList()));
    }

    private static Tensor lengths(int... lengths) {
        return Tensor.ofInts(new long[] {lengths.length}, lengths);
    }

    private static OperatorCheck withStart(OperatorCheck check, String opType, int directions) {
        check.floats("h", directions, BATCH, HIDDEN);
        return opType.equals("LSTM") ? check.floats("c", directions, BATCH, HIDDEN) : check;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RNN", "GRU", "LSTM"})
    void inAllDirections(String opType) {
        layer(opType, 1).passes();
        layer(opType, 1).with(direction("reverse")).passes();
        layer(opType, 2).with(direction("bidirectional")).passes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RNN", "GRU", "LSTM"})
    void withoutBiases(String opType) {
        OperatorCheck.of(opType)
                .floats("x", STEPS, BATCH, INPUT)
                .floats("w", 1, gates(opType) * HIDDEN, INPUT)
                .floats("r", 1, gates(opType) * HIDDEN, HIDDEN)
                .with(node -> node.setAttribute("hidden_size", HIDDEN))
                .passes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RNN", "GRU", "LSTM"})
    void fromAState(String opType) {
        withStart(layer(opType, 2).omitted(), opType, 2).with(direction("bidirectional")).passes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RNN", "GRU", "LSTM"})
    void sequencesOfDifferentLengths(String opType) {
        layer(opType, 1).constant("lengths", lengths(5, 2, 3)).passes();
        withStart(layer(opType, 2).constant("lengths", lengths(3, 1, 4)), opType, 2)
                .with(direction("bidirectional"))
                .passes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RNN", "GRU", "LSTM"})
    void clipped(String opType) {
        layer(opType, 1).with(node -> node.setAttribute("clip", 0.4f)).passes();
    }

    @Test
    void unitsThatResetLast() {
        for (String name : new String[] {"forward", "reverse"}) {
            layer("GRU", 1)
                    .with(direction(name))
                    .with(node -> node.setAttribute("linear_before_reset", 1))
                    .passes();
        }
        OperatorCheck.of("GRU")
                .floats("x", STEPS, BATCH, INPUT)
                .floats("w", 1, 3 * HIDDEN, INPUT)
                .floats("r", 1, 3 * HIDDEN, HIDDEN)
                .with(node -> node.setAttribute("hidden_size", HIDDEN))
                .with(node -> node.setAttribute("linear_before_reset", 1))
                .passes();
    }

    @Test
    void peepholes() {
        withStart(layer("LSTM", 2).omitted(), "LSTM", 2)
                .floats("p", 2, 3 * HIDDEN)
                .with(direction("bidirectional"))
                .passes();
    }

    @Test
    void gatesThatAreCoupled() {
        layer("LSTM", 1).with(node -> node.setAttribute("input_forget", 1)).passes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Relu",
                "Tanh",
                "Sigmoid",
                "Softsign",
                "Softplus",
                "Affine",
                "LeakyRelu",
                "ThresholdedRelu",
                "ScaledTanh",
                "HardSigmoid",
                "Elu"
            })
    void withActivation(String name) {
        layer("RNN", 1)
                .with(activations(name))
                .with(node -> node.setAttribute("activation_alpha", new float[] {0.3f}))
                .with(node -> node.setAttribute("activation_beta", new float[] {0.6f}))
                .passes();
    }

    @Test
    void activationsOfEveryGate() {
        layer("LSTM", 2)
                .with(direction("bidirectional"))
                .with(
                        activations(
                                "HardSigmoid", "Relu", "Tanh", "Sigmoid", "LeakyRelu", "Softsign"))
                .with(node -> node.setAttribute("activation_alpha", new float[] {0.3f, 0.1f}))
                .with(node -> node.setAttribute("activation_beta", new float[] {0.6f}))
                .passes();
        layer("GRU", 1).with(activations("HardSigmoid", "Relu")).passes();
    }

    /** ONNX Runtime has no such layout. h = x + r h, one sequence of three steps, then two. */
    @Test
    void batchFirst() {
        OperatorCheck.of("RNN")
                .floats("x", new long[] {2, 3, 1}, 1, 2, 3, 4, 5, 6)
                .floats("w", new long[] {1, 1, 1}, 1)
                .floats("r", new long[] {1, 1, 1}, 0.5f)
                .omitted()
                .constant("lengths", lengths(3, 2))
                .floats("h", new long[] {2, 1, 1}, 2, 4)
                .with(node -> node.setAttribute("hidden_size", 1))
                .with(node -> node.setAttribute("layout", 1))
                .with(activations("Affine"))
                .gives(new long[] {2, 3, 1, 1}, 2, 3, 4.5f, 6, 8, 0);
    }

    @Test
    void saysWhatIsNotKnown() {
        layer("RNN", 1)
                .with(activations("Cosine"))
                .isRefused("has an activation that is not known: Cosine");
    }
}
