package dev.fewbit.core.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The graphs that can take the place of a float weight. */
public enum Encoding {
    /** Activations are quantized on the go and multiplied with int8 weights on integer kernels. */
    DYNAMIC_MATMUL,
    /**
     * DequantizeLinear in front of MatMul or Gemm, which the runtime fuses into one low-bit kernel.
     */
    DEQUANTIZED_MATMUL,
    /**
     * Integer arithmetic that the runtime folds into a float weight when it loads: small file,
     * float speed.
     */
    FOLDED,
    /** The integer rows of a table are gathered first and only those are turned into floats. */
    GATHERED_ROWS;

    /** Name in plans and reports, for example {@code dynamic-matmul}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The encoding with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    public static Encoding ofLabel(String label) {
        for (Encoding encoding : values()) {
            if (encoding.label().equals(label)) {
                return encoding;
            }
        }
        throw new IllegalArgumentException(
                "unknown encoding '"
                        + label
                        + "'; expected one of "
                        + Arrays.stream(values())
                                .map(Encoding::label)
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return label();
    }
}
