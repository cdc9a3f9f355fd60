package dev.fewbit.core.correct;

import java.util.Objects;

/**
 * Largest absolute weight for every pair of output and input channel of a convolution or matrix
 * product, in groups as convolutions have them: output channel o of a group reads the inputs of
 * this group only.
 *
 * <p>Shape {@code [outputs, inputsOfGroup]}: for a convolution {@code [M, C / groups, h, w]} the
 * maximum over h and w; a depthwise convolution has {@code inputsOfGroup = 1} and as many groups as
 * input channels. Immutable.
 */
public final class WeightMagnitudes {

    private final float[] magnitudes;
    private final int outputs;
    private final int inputsOfGroup;
    private final int groups;

    /**
     * Of a layer.
     *
     * @param magnitudes finite and not negative, row-major; copied
     * @param outputs number of output channels, a multiple of groups
     * @param inputsOfGroup number of input channels of a group
     * @param groups number of groups
     */
    public WeightMagnitudes(float[] magnitudes, int outputs, int inputsOfGroup, int groups) {
        Objects.requireNonNull(magnitudes, "magnitudes");
        if (outputs < 1 || inputsOfGroup < 1 || groups < 1 || outputs % groups != 0) {
            throw new IllegalArgumentException(
                    "outputs, inputs of a group and groups are positive and groups divide outputs,"
                            + " got %d, %d and %d".formatted(outputs, inputsOfGroup, groups));
        }
        if (magnitudes.length != Math.multiplyExact(outputs, inputsOfGroup)) {
            throw new IllegalArgumentException(
                    "%d outputs of %d inputs have %d magnitudes, got %d"
                            .formatted(
                                    outputs,
                                    inputsOfGroup,
                                    outputs * inputsOfGroup,
                                    magnitudes.length));
        }
        for (float magnitude : magnitudes) {
            if (!(magnitude >= 0 && magnitude <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "magnitudes of weights are finite and not negative, got " + magnitude);
            }
        }
        this.magnitudes = magnitudes.clone();
        this.outputs = outputs;
        this.inputsOfGroup = inputsOfGroup;
        this.groups = groups;
    }

    /** Number of output channels. */
    public int outputs() {
        return outputs;
    }

    /** Number of input channels. */
    public int inputs() {
        return inputsOfGroup * groups;
    }

    /**
     * Range of every output channel when input channels are multiplied: {@code max over i of m[o,
     * i] * factors[i]}.
     */
    double[] ofOutputs(double[] inputFactors) {
        double[] largest = new double[outputs];
        int outputsOfGroup = outputs / groups;
        for (int output = 0; output < outputs; output++) {
            int firstInput = output / outputsOfGroup * inputsOfGroup;
            for (int i = 0; i < inputsOfGroup; i++) {
                double scaled =
                        magnitudes[output * inputsOfGroup + i] * inputFactors[firstInput + i];
                largest[output] = Math.max(largest[output], scaled);
            }
        }
        return largest;
    }

    /**
     * Range of every input channel when output channels are divided: {@code max over o of m[o, i] /
     * divisors[o]}.
     */
    double[] ofInputs(double[] outputDivisors) {
        double[] largest = new double[inputs()];
        int outputsOfGroup = outputs / groups;
        for (int output = 0; output < outputs; output++) {
            int firstInput = output / outputsOfGroup * inputsOfGroup;
            for (int i = 0; i < inputsOfGroup; i++) {
                double scaled = magnitudes[output * inputsOfGroup + i] / outputDivisors[output];
                largest[firstInput + i] = Math.max(largest[firstInput + i], scaled);
            }
        }
        return largest;
    }
}
