package dev.fewbit.core.plan;

/** The graphs that can take the place of a float weight. */
public enum Encoding {
    /** Activations are quantized on the go and multiplied with int8 weights on integer kernels. */
    DYNAMIC_MATMUL,
    /**
     * DequantizeLinear in front of MatMul or Gemm, which the runtime fuses into one low-bit kernel.
     */
    DEQUANTIZED_MATMUL,
    /**
     * DequantizeLinear in front of a node whose activations are quantized with parameters known
     * beforehand (see {@link ActivationPlan}), which the runtime runs on an integer kernel.
     */
    INTEGER,
    /**
     * Integer arithmetic that the runtime folds into a float weight when it loads: small file,
     * float speed.
     */
    FOLDED,
    /** The integer rows of a table are gathered first and only those are turned into floats. */
    GATHERED_ROWS;

    /** Name in plans and reports, for example {@code dynamic-matmul}. */
    public String label() {
        return Labelled.label(this);
    }

    /**
     * The encoding with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    public static Encoding ofLabel(String label) {
        return Labelled.ofLabel(Encoding.class, "encoding", label);
    }

    @Override
    public String toString() {
        return label();
    }
}
