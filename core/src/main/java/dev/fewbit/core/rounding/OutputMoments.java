package dev.fewbit.core.rounding;

/**
 * Moments of what a layer is to deliver, y, together with its inputs x in the network whose earlier
 * layers are quantized.
 */
public final class OutputMoments {

    private final Hessian inputs;
    private final double[] cross;
    private final double[] inputMean;
    private final double[] outputMean;

    /** Takes the arrays. */
    OutputMoments(Hessian inputs, double[] cross, double[] inputMean, double[] outputMean) {
        this.inputs = inputs;
        this.cross = cross;
        this.inputMean = inputMean;
        this.outputMean = outputMean;
    }

    /**
     * From their values, which are copied.
     *
     * @param inputs mean of {@code x x^T}
     * @param cross mean of {@code y x^T}, row-major, a row for each output
     * @param inputMean mean of x
     * @param outputMean mean of y
     */
    public static OutputMoments of(
            Hessian inputs, double[] cross, double[] inputMean, double[] outputMean) {
        int width = inputs.width();
        if (cross.length != (long) outputMean.length * width || inputMean.length != width) {
            throw new IllegalArgumentException(
                    "%d inputs and %d outputs need %d x %d cross moments and means of %d, got %d and %d"
                            .formatted(
                                    width,
                                    outputMean.length,
                                    outputMean.length,
                                    width,
                                    width,
                                    cross.length,
                                    inputMean.length));
        }
        return new OutputMoments(inputs, cross.clone(), inputMean.clone(), outputMean.clone());
    }

    /** Mean of {@code x x^T}: what errors of the rounded weights cost. */
    public Hessian inputs() {
        return inputs;
    }

    /** Number of outputs. */
    public int outputs() {
        return outputMean.length;
    }

    /** An element of the mean of {@code y x^T}. */
    public double cross(int output, int input) {
        return cross[output * inputs.width() + input];
    }

    /** Mean of x; a copy. */
    public double[] inputMean() {
        return inputMean.clone();
    }

    /** Mean of y; a copy. */
    public double[] outputMean() {
        return outputMean.clone();
    }

    /** The same about the means: what counts if a bias makes up for those. */
    public OutputMoments centered() {
        int width = inputs.width();
        double[] moments = Centering.center(inputs.values().clone(), inputMean);
        double[] centeredCross = cross.clone();
        for (int output = 0; output < outputMean.length; output++) {
            for (int i = 0; i < width; i++) {
                int at = output * width + i;
                boolean constant = moments[i * width + i] == 0;
                centeredCross[at] =
                        constant ? 0 : centeredCross[at] - outputMean[output] * inputMean[i];
            }
        }
        return new OutputMoments(new Hessian(width, moments), centeredCross, inputMean, outputMean);
    }

    /**
     * The bias with which the outputs of some weights have the mean that they are to have: {@code
     * E[y] - V E[x]}.
     *
     * @param weights V, a row for each output
     * @return one number for each output
     */
    public double[] bias(WeightMatrix weights) {
        weights.requireColumns("mean", inputMean.length);
        double[] bias = outputMean.clone();
        for (int r = 0; r < bias.length; r++) {
            for (int c = 0; c < inputMean.length; c++) {
                bias[r] -= weights.get(r, c) * inputMean[c];
            }
        }
        return bias;
    }
}
