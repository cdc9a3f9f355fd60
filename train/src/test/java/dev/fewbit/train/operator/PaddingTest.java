package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class PaddingTest {

    @Test
    void constants() {
        OperatorCheck.of("Pad").floats("x", 2, 3).longs("pads", 1, 0, 0, 2).passes();
        OperatorCheck.of("Pad")
                .floats("x", 2, 3)
                .longs("pads", 1, 0, 0, 2)
                .constant("value", Tensor.ofFloats(new long[0], 1.5f))
                .passes();
        OperatorCheck.of("Pad")
                .fed("x", Tensor.ofLongs(new long[] {2}, 1, 2))
                .longs("pads", 2, 1)
                .constant("value", Tensor.ofLongs(new long[0], (1L << 53) - 1))
                .passes();
    }

    @Test
    void axesAndNegativeAmounts() {
        OperatorCheck.of("Pad").floats("x", 4, 5).longs("pads", -1, 2, 1, -2).passes();
        OperatorCheck.of("Pad")
                .floats("x", 2, 3, 4)
                .longs("pads", 1, 2, 3, -1)
                .omitted()
                .longs("axes", -1, 0)
                .passes();
    }

    @Test
    void elementsOfTheTensorItself() {
        for (String mode : new String[] {"edge", "reflect", "wrap"}) {
            OperatorCheck.of("Pad")
                    .floats("x", 4, 5)
                    .longs("pads", 2, 1, 3, 4)
                    .with(node -> node.setAttribute("mode", mode))
                    .passes();
            OperatorCheck.of("Pad")
                    .floats("x", 2, 3, 4)
                    .longs("pads", 1, 2)
                    .omitted()
                    .longs("axes", 1)
                    .with(node -> node.setAttribute("mode", mode))
                    .passes();
        }
        OperatorCheck.of("Pad")
                .floats("x", 6)
                .longs("pads", -1, 2)
                .with(node -> node.setAttribute("mode", "edge"))
                .passes();
    }
}
