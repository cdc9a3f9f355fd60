package dev.fewbit.onnx.weight;

import dev.fewbit.onnx.graph.Node;

/**
 * One node that reads a weight.
 *
 * @param node the reader
 * @param input index of the input through which it reads
 * @param role what it does with the weight
 * @param transposed whether it reads the transpose of the stored matrix, through a Transpose node
 *     or Gemm's {@code transB}
 */
public record WeightUse(Node node, int input, WeightRole role, boolean transposed) {

    /** True when the weight is the right operand of a matrix product. */
    public boolean isRightOperand() {
        return role == WeightRole.MATMUL_RIGHT || role == WeightRole.GEMM_RIGHT;
    }
}
