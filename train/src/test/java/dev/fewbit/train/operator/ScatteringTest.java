package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class ScatteringTest {

    private static final String[] REDUCTIONS = {"none", "add", "mul", "max", "min"};

    @Test
    void elements() {
        for (String reduction : REDUCTIONS) {
            OperatorCheck.of("ScatterElements")
                    .opset(18)
                    .floats("x", 3, 4)
                    .constant("places", Tensor.ofLongs(new long[] {3, 2}, 0, -1, 2, 1, 3, 0))
                    .floats("updates", 3, 2)
                    .with(node -> node.setAttribute("axis", -1))
                    .with(node -> node.setAttribute("reduction", reduction))
                    .passes();
        }
        OperatorCheck.of("ScatterElements")
                .fed("x", Tensor.ofLongs(new long[] {3}, 1L << 60, 2, 3))
                .longs("places", 1, 1)
                .longs("updates", 5, 7)
                .with(node -> node.setAttribute("reduction", "add"))
                .passes();
    }

    @Test
    void slicesByCoordinates() {
        for (String reduction : REDUCTIONS) {
            OperatorCheck.of("ScatterND")
                    .opset(18)
                    .floats("x", 3, 4, 2)
                    .constant("places", Tensor.ofLongs(new long[] {2, 2}, 0, -1, 2, 1))
                    .floats("updates", 2, 2)
                    .with(node -> node.setAttribute("reduction", reduction))
                    .passes();
        }
        OperatorCheck.of("ScatterND")
                .floats("x", 3, 4)
                .constant("places", Tensor.ofLongs(new long[] {2, 1}, 0, 0))
                .floats("updates", 2, 4)
                .with(node -> node.setAttribute("reduction", "add"))
                .passes();
    }

    @Test
    void theOldNameOfScatterElements() {
        OperatorCheck.of("Scatter")
                .opset(10)
                .floats("x", 3, 4)
                .constant("places", Tensor.ofLongs(new long[] {2, 2}, 0, 1, 2, 1))
                .floats("updates", 2, 2)
                .passes();
    }
}
