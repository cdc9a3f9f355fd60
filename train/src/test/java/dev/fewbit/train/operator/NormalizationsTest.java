package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class NormalizationsTest {

    @Test
    void batch() {
        for (long[] shape : new long[][] {{4, 3}, {2, 3, 5}, {2, 3, 4, 5}, {1, 3, 2, 3, 4}}) {
            OperatorCheck.of("BatchNormalization")
                    .floats("x", shape)
                    .floats("scale", 3)
                    .floats("bias", 3)
                    .floats("mean", 3)
                    .floats("variance", new long[] {3}, 0.5f, 2, 1)
                    .with(node -> node.setAttribute("epsilon", 0.01f))
                    .passes();
        }
    }

    @Test
    void batchWithConstantStatistics() {
        OperatorCheck.of("BatchNormalization")
                .floats("x", 2, 3, 4, 5)
                .floats("scale", 3)
                .floats("bias", 3)
                .constant("mean", Tensor.ofFloats(new long[] {3}, 0.5f, -1, 2))
                .constant("variance", Tensor.ofFloats(new long[] {3}, 0.5f, 2, 1))
                .passes();
    }

    @Test
    void batchDoesNotTrain() {
        OperatorCheck.of("BatchNormalization")
                .floats("x", 2, 3, 4)
                .floats("scale", 3)
                .floats("bias", 3)
                .floats("mean", 3)
                .floats("variance", 3)
                .with(node -> node.setAttribute("training_mode", 1))
                .isRefused("has training_mode=1");
    }

    @Test
    void layer() {
        for (int axis : new int[] {-1, 1, 2, 0}) {
            long[] sizes = {2, 3, 4, 5};
            int first = Math.floorMod(axis, 4);
            long[] normal = Arrays.copyOfRange(sizes, first, 4);
            OperatorCheck.of("LayerNormalization")
                    .floats("x", sizes)
                    .floats("scale", normal)
                    .floats("bias", normal)
                    .with(node -> node.setAttribute("axis", axis))
                    .passes();
            OperatorCheck.of("LayerNormalization")
                    .floats("x", sizes)
                    .floats("scale", normal)
                    .with(node -> node.setAttribute("axis", axis))
                    .with(node -> node.setAttribute("epsilon", 0.1f))
                    .outputs(3)
                    .passes();
        }
    }

    @Test
    void layerWithAScaleThatIsRepeated() {
        OperatorCheck.of("LayerNormalization")
                .floats("x", 2, 3, 4)
                .floats("scale", 1, 4)
                .floats("bias", 4)
                .with(node -> node.setAttribute("axis", 1))
                .passes();
    }

    @Test
    void rootMeanSquare() {
        OperatorCheck.of("RMSNormalization")
                .opset(23)
                .floats("x", 2, 3, 4)
                .floats("scale", 4)
                .passes();
        OperatorCheck.of("RMSNormalization")
                .opset(23)
                .floats("x", 2, 3, 4)
                .floats("scale", 3, 4)
                .with(node -> node.setAttribute("axis", 1))
                .with(node -> node.setAttribute("epsilon", 0.1f))
                .passes();
    }

    @Test
    void instance() {
        for (long[] shape : new long[][] {{2, 3, 5}, {2, 3, 4, 5}, {1, 3, 2, 3, 4}}) {
            OperatorCheck.of("InstanceNormalization")
                    .floats("x", shape)
                    .floats("scale", 3)
                    .floats("bias", 3)
                    .passes();
        }
    }

    @Test
    void group() {
        OperatorCheck.of("GroupNormalization")
                .floats("x", 2, 6, 3, 4)
                .floats("scale", 6)
                .floats("bias", 6)
                .with(node -> node.setAttribute("num_groups", 3))
                .with(node -> node.setAttribute("epsilon", 0.01f))
                .passes();
    }

    @Test
    void norms() {
        for (int p : new int[] {1, 2}) {
            OperatorCheck.of("LpNormalization")
                    .floats("x", 3, 4, 2)
                    .with(node -> node.setAttribute("axis", 1))
                    .with(node -> node.setAttribute("p", p))
                    .passes();
        }
        OperatorCheck.of("LpNormalization")
                .floats("x", new long[] {2, 3}, 1, 2, -2, 0, 0, 0)
                .passes();
    }

    @Test
    void meanAndVariance() {
        OperatorCheck.of("MeanVarianceNormalization").floats("x", 2, 3, 4, 5).passes();
        OperatorCheck.of("MeanVarianceNormalization")
                .floats("x", 2, 3, 4, 5)
                .with(node -> node.setAttribute("axes", new long[] {2, 3}))
                .passes();
    }

    @Test
    void localResponse() {
        for (int size : new int[] {1, 3, 5}) {
            OperatorCheck.of("LRN")
                    .floats("x", 2, 6, 3, 4)
                    .with(node -> node.setAttribute("size", size))
                    .with(node -> node.setAttribute("alpha", 0.5f))
                    .with(node -> node.setAttribute("beta", 0.6f))
                    .with(node -> node.setAttribute("bias", 2f))
                    .passes();
        }
    }
}
