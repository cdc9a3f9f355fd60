package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/**
 * Moments of what a layer is to deliver, y, together with its inputs x in the network whose earlier
 * layers are quantized.
 */
public final class OutputMoments {

    private static final int BAND = 32;

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

    /**
     * The moments of two sets of rows together.
     *
     * @param share the share of all rows that these are of; the others are of the rest
     */
    public OutputMoments mixed(double share, OutputMoments others) {
        if (others.outputs() != outputs() || others.inputs.width() != inputs.width()) {
            throw new IllegalArgumentException(
                    "moments of one layer are mixed, got %d x %d and %d x %d"
                            .formatted(
                                    outputs(),
                                    inputs.width(),
                                    others.outputs(),
                                    others.inputs.width()));
        }
        return new OutputMoments(
                new Hessian(inputs.width(), mixed(share, inputs.values(), others.inputs.values())),
                mixed(share, cross, others.cross),
                mixed(share, inputMean, others.inputMean),
                mixed(share, outputMean, others.outputMean));
    }

    private static double[] mixed(double share, double[] one, double[] other) {
        double[] mixed = new double[one.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = share * one[i] + (1 - share) * other[i];
        }
        return mixed;
    }

    /**
     * How far the outputs of some weights are from what they are to be: {@code E |y - V x|^2} less
     * what no weights can change, so that it may be negative. Good to compare weights.
     *
     * @param weights V, a row for each output
     */
    public double relativeError(WeightMatrix weights, Workers workers) {
        weights.requireColumns("moments", inputs.width());
        int width = inputs.width();
        double[] errors = new double[weights.rows()];
        workers.runRanges(
                weights.rows(),
                BAND,
                (from, to) -> {
                    int rows = to - from;
                    double[] band = new double[rows * width];
                    for (int r = 0; r < rows; r++) {
                        weights.copyRow(from + r, band, r * width);
                    }
                    double[] minus = new double[rows * width];
                    MatrixKernels.best()
                            .subtractProduct(
                                    band,
                                    0,
                                    width,
                                    inputs.values(),
                                    0,
                                    width,
                                    minus,
                                    0,
                                    width,
                                    rows,
                                    width,
                                    width);
                    for (int r = 0; r < rows; r++) {
                        int at = r * width;
                        double quadratic = -Rows.dot(minus, at, band, at, width);
                        double linear = Rows.dot(cross, (from + r) * width, band, at, width);
                        errors[from + r] = quadratic - 2 * linear;
                    }
                });
        double total = 0;
        for (double error : errors) {
            total += error;
        }
        return total;
    }
}
