package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class MadeTensorsTest {

    @Test
    void constants() {
        OperatorCheck.of("Constant")
                .with(node -> node.setAttribute("value", Tensor.ofInts(new long[] {2}, 3, 4)))
                .passes();
        OperatorCheck.of("Constant").with(node -> node.setAttribute("value_int", 3)).passes();
        OperatorCheck.of("Constant")
                .with(node -> node.setAttribute("value_ints", new long[] {3, 1L << 52}))
                .passes();
        OperatorCheck.of("Constant")
                .with(node -> node.setAttribute("value_float", 3f))
                .passesWithoutGradients();
        OperatorCheck.of("Constant")
                .with(node -> node.setAttribute("value_floats", new float[] {3, 4}))
                .passesWithoutGradients();
    }

    @Test
    void onePlacedEverywhere() {
        OperatorCheck.of("ConstantOfShape").longs("shape", 2, 3).passesWithoutGradients();
        OperatorCheck.of("ConstantOfShape")
                .longs("shape", 2, 0)
                .with(node -> node.setAttribute("value", Tensor.ofLongs(new long[] {1}, 1L << 52)))
                .passes();
        OperatorCheck.of("ConstantOfShape")
                .longs("shape")
                .with(node -> node.setAttribute("value", Tensor.ofInts(new long[] {1}, -7)))
                .passes();
    }

    @Test
    void ranges() {
        long[][] ranges = {
            {0, 5, 1}, {10, 1, -3}, {3, 3, 1}, {5, 3, 1}, {1L << 52, 1L << 53, 1L << 51}
        };
        for (long[] range : ranges) {
            OperatorCheck.of("Range")
                    .constant("start", Tensor.ofLongs(new long[0], range[0]))
                    .constant("limit", Tensor.ofLongs(new long[0], range[1]))
                    .constant("step", Tensor.ofLongs(new long[0], range[2]))
                    .passes();
        }
        OperatorCheck.of("Range")
                .constant("start", Tensor.ofFloats(new long[0], 1))
                .constant("limit", Tensor.ofFloats(new long[0], -2.25f))
                .constant("step", Tensor.ofFloats(new long[0], -0.5f))
                .passesWithoutGradients();
    }

    @Test
    void diagonals() {
        OperatorCheck.of("EyeLike").floats("x", 3, 4).passesWithoutGradients();
        for (long offset = -4; offset <= 4; offset += 2) {
            long moved = offset;
            OperatorCheck.of("EyeLike")
                    .floats("x", 3, 4)
                    .with(node -> node.setAttribute("k", moved))
                    .with(node -> node.setAttribute("dtype", ElementType.INT32.code()))
                    .passes();
        }
    }

    @Test
    void oneHotCodes() {
        for (long axis : new long[] {-1, 0, 1, -2}) {
            OperatorCheck.of("OneHot")
                    .constant("places", Tensor.ofLongs(new long[] {2, 2}, 0, -1, 5, 2))
                    .constant("depth", Tensor.ofLongs(new long[0], 3))
                    .floats("values", new long[] {2}, 0.25f, 2)
                    .with(node -> node.setAttribute("axis", axis))
                    .passes();
        }
    }
}
