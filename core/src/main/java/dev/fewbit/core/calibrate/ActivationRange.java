package dev.fewbit.core.calibrate;

import java.math.BigDecimal;

/** How the range of a tensor that a network computes is chosen from its distribution. */
public sealed interface ActivationRange {

    /** The levels span all values: nothing is clipped. */
    record MinMax() implements ActivationRange {

        @Override
        public String label() {
            return "min-max";
        }
    }

    /**
     * The levels span all values up to a magnitude that so many per cent of the values other than
     * zero do not exceed; 100 is {@link MinMax}. Zeros are exact anyway, and of a sparse tensor
     * they would leave nothing. H. Wu et al., Integer Quantization for Deep Learning Inference (<a
     * href="https://arxiv.org/abs/2004.09602">2020</a>), take 99.9 to 99.9999 of all values.
     *
     * @param percent above 0, at most 100
     */
    record Percentile(double percent) implements ActivationRange {

        /** Checks the share. */
        public Percentile {
            if (!(percent > 0 && percent <= 100)) {
                throw new IllegalArgumentException(
                        "a percentile is above 0 and at most 100, got " + percent);
            }
        }

        @Override
        public String label() {
            return PERCENTILE + BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString();
        }
    }

    /**
     * The range with which the distribution of the rounded values is the most like that of the
     * original ones, by Kullback-Leibler divergence; 8 bits only. S. Migacz, 8-bit Inference with
     * TensorRT (GTC 2017).
     */
    record Entropy() implements ActivationRange {

        @Override
        public String label() {
            return "entropy";
        }
    }

    /**
     * The range with the least squared error, of rounding and clipping together, that a search
     * finds; never more than {@link MinMax} has.
     */
    record SquaredError() implements ActivationRange {

        @Override
        public String label() {
            return "squared-error";
        }
    }

    /** How labels of percentiles begin. */
    String PERCENTILE = "percentile:";

    /** For plans, for example {@code squared-error} or {@code percentile:99.99}. */
    String label();

    /**
     * The range with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    static ActivationRange of(String label) {
        if (label.startsWith(PERCENTILE)) {
            String percent = label.substring(PERCENTILE.length());
            try {
                return new Percentile(Double.parseDouble(percent));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "a percentile is a number, for example percentile:99.99, got '"
                                + label
                                + "'",
                        e);
            }
        }
        return switch (label) {
            case "min-max" -> new MinMax();
            case "entropy" -> new Entropy();
            case "squared-error" -> new SquaredError();
            default ->
                    throw new IllegalArgumentException(
                            "unknown range '"
                                    + label
                                    + "'; expected one of min-max, percentile:PERCENT, entropy,"
                                    + " squared-error");
        };
    }
}
