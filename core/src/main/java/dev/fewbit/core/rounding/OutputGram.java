package dev.fewbit.core.rounding;

/**
 * Collects {@link OutputMoments}: rows of a layer's inputs where earlier layers are quantized, and
 * the rows that the layer is to make of them.
 *
 * <p>As {@link GramMatrix}: the result is a function of the sequence of rows. Memory for d inputs
 * and n outputs: {@code 8 d (d + n)} bytes for the sums and {@code 1024 (d + n)} for a block; as
 * much again as the sums for a result. Mutable, not thread-safe.
 */
public final class OutputGram {

    private final int inputs;
    private final int outputs;
    private final ProductSums moments;
    private final ProductSums cross;
    private final double[] inputSums;
    private final double[] outputSums;
    private final PackedRows inputRows;
    private final PackedRows outputRows;
    private int pending;
    private long count;

    /**
     * Moments of nothing.
     *
     * @param inputs number of inputs of the layer, at most {@link GramMatrix#WIDEST}
     * @param outputs number of its outputs
     */
    public OutputGram(int inputs, int outputs) {
        if (inputs < 1 || inputs > GramMatrix.WIDEST || outputs < 1) {
            throw new IllegalArgumentException(
                    "a layer has 1 to %d inputs and at least 1 output, got %d and %d"
                            .formatted(GramMatrix.WIDEST, inputs, outputs));
        }
        this.inputs = inputs;
        this.outputs = outputs;
        this.moments = ProductSums.symmetric(inputs);
        this.cross = ProductSums.of(outputs, inputs);
        this.inputSums = new double[inputs];
        this.outputSums = new double[outputs];
        this.inputRows = new PackedRows(inputs);
        this.outputRows = new PackedRows(outputs);
    }

    /** Number of inputs. */
    public int inputs() {
        return inputs;
    }

    /** Number of outputs. */
    public int outputs() {
        return outputs;
    }

    /** Rows so far. */
    public long count() {
        return count;
    }

    /**
     * Adds samples.
     *
     * @param in holds {@code count} rows of inputs without gaps
     * @param inFrom index of the first number
     * @param out holds the rows of outputs that they are to give, in the same order
     * @param outFrom index of the first number
     */
    public void add(float[] in, int inFrom, float[] out, int outFrom, int rows, Workers workers) {
        for (int i = 0; i < rows; i++) {
            inputRows.put(pending, in, inFrom + i * inputs, 1);
            outputRows.put(pending, out, outFrom + i * outputs, 1);
            pending++;
            count++;
            if (pending == PackedRows.CAPACITY) {
                flush(workers);
            }
        }
    }

    private void flush(Workers workers) {
        if (pending > 0) {
            moments.add(inputRows, inputRows, pending, workers);
            cross.add(outputRows, inputRows, pending, workers);
            inputRows.addColumns(pending, inputSums);
            outputRows.addColumns(pending, outputSums);
            pending = 0;
        }
    }

    /**
     * The moments. Ends a block.
     *
     * @throws IllegalStateException when there was no row, or values were not finite or too large
     */
    public OutputMoments moments() {
        if (count == 0) {
            throw new IllegalStateException("moments need at least one row");
        }
        flush(Workers.sequential());
        Hessian hessian =
                new Hessian(inputs, finite("input", inputs, moments.dividedBy((double) count)));
        return new OutputMoments(
                hessian,
                finite("output", inputs, cross.dividedBy((double) count)),
                mean(inputSums),
                mean(outputSums));
    }

    private double[] mean(double[] sums) {
        double[] mean = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            mean[i] = sums[i] / count;
        }
        return mean;
    }

    private static double[] finite(String what, int width, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalStateException(
                        "%s %d of the layer had values that are not finite, or too large to be multiplied"
                                .formatted(what, i / width));
            }
        }
        return values;
    }
}
