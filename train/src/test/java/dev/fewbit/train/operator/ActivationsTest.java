package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class ActivationsTest {

    @Test
    void withoutSettings() {
        String[] operators = {
            "Relu",
            "Sigmoid",
            "HardSwish",
            "Softplus",
            "Softsign",
            "Mish",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "HardSigmoid",
            "ThresholdedRelu",
            "Shrink",
            "Softmax",
            "LogSoftmax"
        };
        for (String operator : operators) {
            OperatorCheck.of(operator).floats("x", 3, 5, 4).passes();
        }
    }

    @Test
    void withSettings() {
        String[] operators = {"LeakyRelu", "Elu", "Celu", "ThresholdedRelu", "HardSigmoid"};
        for (String operator : operators) {
            OperatorCheck.of(operator)
                    .floats("x", 20)
                    .with(node -> node.setAttribute("alpha", 0.7f))
                    .passes();
        }
        OperatorCheck.of("Selu")
                .floats("x", 20)
                .with(node -> node.setAttribute("alpha", 2f))
                .with(node -> node.setAttribute("gamma", 3f))
                .passes();
        OperatorCheck.of("HardSigmoid")
                .floats("x", 20)
                .with(node -> node.setAttribute("beta", 0.1f))
                .passes();
        OperatorCheck.of("Shrink")
                .floats("x", 20)
                .with(node -> node.setAttribute("lambd", 0.3f))
                .with(node -> node.setAttribute("bias", 0.2f))
                .passes();
    }

    @Test
    void bothFormsOfGelu() {
        for (String form : new String[] {"none", "tanh"}) {
            OperatorCheck.of("Gelu")
                    .floats("x", 4, 5)
                    .with(node -> node.setAttribute("approximate", form))
                    .passes();
        }
    }

    @Test
    void swish() {
        OperatorCheck.of("Swish").opset(24).floats("x", 20).passes();
        OperatorCheck.of("Swish")
                .opset(24)
                .floats("x", 20)
                .with(node -> node.setAttribute("alpha", 1.7f))
                .passes();
    }

    @Test
    void boundsOfEitherSide() {
        Tensor low = Tensor.ofFloats(new long[0], -0.5f);
        Tensor high = Tensor.ofFloats(new long[0], 0.25f);
        OperatorCheck.of("Clip").floats("x", 20).passes();
        OperatorCheck.of("Clip").floats("x", 20).constant("low", low).passes();
        OperatorCheck.of("Clip").floats("x", 20).omitted().constant("high", high).passes();
        OperatorCheck.of("Clip")
                .floats("x", 20)
                .constant("low", low)
                .constant("high", high)
                .passes();
        OperatorCheck.of("Clip")
                .fed("x", Tensor.ofLongs(new long[] {3}, -(1L << 60), 3, (1L << 60) + 1))
                .constant("low", Tensor.ofLongs(new long[0], -5))
                .constant("high", Tensor.ofLongs(new long[0], (1L << 60) - 1))
                .passes();
    }

    @Test
    void slopesOfChannels() {
        OperatorCheck.of("PRelu").floats("x", 2, 3, 4, 5).floats("slope", 3, 1, 1).passes();
        OperatorCheck.of("PRelu").floats("x", 4, 5).floats("slope", 1).passes();
    }

    @Test
    void probabilitiesAlongAnyAxis() {
        for (String operator : new String[] {"Softmax", "LogSoftmax"}) {
            for (int axis = -3; axis < 3; axis++) {
                long along = axis;
                OperatorCheck.of(operator)
                        .floats("x", 3, 5, 4)
                        .with(node -> node.setAttribute("axis", along))
                        .passes();
            }
        }
        OperatorCheck.of("Hardmax").floats("x", 3, 5).passesWithoutGradients();
        OperatorCheck.of("Hardmax")
                .floats("x", new long[] {2, 3}, 1, 1, 0, 2, 5, 5)
                .with(node -> node.setAttribute("axis", -2))
                .passesWithoutGradients();
    }

    @Test
    void nothingIsDroppedInInference() {
        OperatorCheck.of("Dropout").floats("x", 3, 4).outputs(2).passes();
        OperatorCheck.of("Dropout")
                .floats("x", 3, 4)
                .constant("ratio", Tensor.ofFloats(new long[0], 0.3f))
                .passes();
    }
}
