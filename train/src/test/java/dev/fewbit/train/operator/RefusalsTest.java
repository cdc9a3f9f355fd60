package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

/** What is not supported, or wrong, is said of the node that has it. */
class RefusalsTest {

    @Test
    void settingsThatAreNotKnown() {
        OperatorCheck.of("Gelu")
                .floats("x", 2)
                .with(node -> node.setAttribute("approximate", "cubic"))
                .isRefused("has the unknown approximation 'cubic'");
        OperatorCheck.of("Pad")
                .floats("x", 2)
                .longs("pads", 1, 1)
                .with(node -> node.setAttribute("mode", "mirror"))
                .isRefused("has the unknown mode 'mirror'");
        OperatorCheck.of("ScatterElements")
                .floats("x", 2)
                .longs("places", 0)
                .floats("updates", 1)
                .with(node -> node.setAttribute("reduction", "mean"))
                .isRefused("has the unknown reduction 'mean'");
        OperatorCheck.of("DepthToSpace")
                .floats("x", 1, 4, 2, 2)
                .with(node -> node.setAttribute("blocksize", 2))
                .with(node -> node.setAttribute("mode", "RCD"))
                .isRefused("has the unknown mode 'RCD'");
        OperatorCheck.of("BitShift")
                .longs("x", 2)
                .longs("by", 1)
                .with(node -> node.setAttribute("direction", "UP"))
                .isRefused("shifts LEFT or RIGHT, not 'UP'");
    }

    @Test
    void typesThatCannotBeComputedWith() {
        OperatorCheck.of("Cast")
                .floats("x", 2)
                .with(node -> node.setAttribute("to", ElementType.FLOAT8E5M2.code()))
                .isRefused("makes elements of type FLOAT8E5M2, which cannot be computed with here");
        OperatorCheck.of("Constant")
                .with(node -> node.setAttribute("value_string", "text"))
                .isRefused(
                        "has its value in the attribute 'value_string', which holds no dense"
                                + " numbers");
        byte[] large = {0, 0, 0, 0, 0, 0, 0, (byte) 0x80};
        OperatorCheck.of("Neg")
                .constant("x", Tensor.ofBytes(ElementType.UINT64, new long[] {1}, large))
                .isRefused(
                        "has elements of 2^63 or more in its input 0; such integers cannot be"
                                + " computed with here");
    }

    @Test
    void dropoutInTraining() {
        OperatorCheck.of("Dropout")
                .floats("x", 2)
                .constant("ratio", Tensor.ofFloats(new long[0], 0.5f))
                .constant("training", Tensor.ofBytes(ElementType.BOOL, new long[0], new byte[] {1}))
                .isRefused(
                        "drops values at random, as in training; export the model for inference");
    }

    @Test
    void shapesThatDoNotFit() {
        OperatorCheck.of("Softmax")
                .floats("x", 2, 3)
                .with(node -> node.setAttribute("axis", 2))
                .isRefused("has no axis 2: there are 2");
        OperatorCheck.of("Split")
                .floats("x", 5)
                .longs("sizes", 2, 2)
                .outputs(2)
                .isRefused("cuts 5 elements into pieces of [2, 2]");
        OperatorCheck.of("Slice")
                .floats("x", 5)
                .longs("starts", 0)
                .longs("ends", 5)
                .longs("axes", 0)
                .longs("steps", 0)
                .isRefused("has a step of 0");
        OperatorCheck.of("TopK")
                .floats("x", 5)
                .longs("k", 6)
                .outputs(2)
                .isRefused("asks for 6 of 5 elements");
        OperatorCheck.of("Pad")
                .floats("x", 5)
                .longs("pads", 1)
                .isRefused("takes 2 amounts, for both ends of 1 axes, got 1");
        OperatorCheck.of("EyeLike").floats("x", 5).isRefused("takes a matrix, got 1 axes");
    }
}
