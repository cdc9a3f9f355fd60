package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class CastsTest {

    private static final ElementType[] TYPES = {
        ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.INT8,
        ElementType.UINT8, ElementType.INT32, ElementType.INT64, ElementType.BOOL
    };

    @Test
    void towardsZero() {
        for (ElementType type : TYPES) {
            OperatorCheck.of("Cast")
                    .floats("x", new long[] {5}, 1.9f, 0.5f, 0, 100.2f, 7)
                    .with(node -> node.setAttribute("to", type.code()))
                    .passes();
            OperatorCheck.of("Cast")
                    .fed("x", Tensor.ofLongs(new long[] {3}, 3, 0, 120))
                    .with(node -> node.setAttribute("to", type.code()))
                    .passesWithoutGradients();
        }
        OperatorCheck.of("Cast")
                .floats("x", new long[] {2}, -1.9f, -0.5f)
                .with(node -> node.setAttribute("to", ElementType.INT32.code()))
                .passes();
    }

    @Test
    void integersKeepTheirLowBits() {
        OperatorCheck.of("Cast")
                .fed("x", Tensor.ofLongs(new long[] {4}, 300, -1, (1L << 40) + 5, -129))
                .with(node -> node.setAttribute("to", ElementType.UINT8.code()))
                .passes();
    }

    @Test
    void theTypeOfAnother() {
        OperatorCheck.of("CastLike").floats("x", 5).longs("like", 1).passes();
    }

    @Test
    void bitsAsAnotherType() {
        OperatorCheck.of("BitCast")
                .opset(26)
                .floats("x", 5)
                .with(node -> node.setAttribute("to", ElementType.INT32.code()))
                .passes();
    }
}
