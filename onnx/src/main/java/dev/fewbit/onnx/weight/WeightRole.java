package dev.fewbit.onnx.weight;

/** What an operator does with a weight. */
public enum WeightRole {
    /** Right operand of MatMul, {@code [..., K, N]}. */
    MATMUL_RIGHT,
    /** Left operand of MatMul, {@code [..., M, K]}. */
    MATMUL_LEFT,
    /** Second input of Gemm. */
    GEMM_RIGHT,
    /** First input of Gemm. */
    GEMM_LEFT,
    /** Kernel of Conv, {@code [out channels, in channels / group, ...]}. */
    CONVOLUTION,
    /** Kernel of ConvTranspose, {@code [in channels, out channels / group, ...]}. */
    TRANSPOSED_CONVOLUTION,
    /**
     * Input or recurrence weights of LSTM, GRU or RNN, {@code [directions, gates * hidden,
     * inputs]}.
     */
    RECURRENT,
    /** Table whose rows Gather looks up, {@code [rows, width]}. */
    TABLE,
    /**
     * Anything else: a bias, a scale, an operator that is not known to tolerate rounded weights.
     */
    OTHER
}
