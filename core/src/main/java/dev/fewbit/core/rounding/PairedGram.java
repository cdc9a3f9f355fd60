package dev.fewbit.core.rounding;

/**
 * Collects {@link PairedMoments}: rows of a layer's inputs in the float network and the rows that
 * the same samples give where earlier layers are quantized.
 *
 * <p>As {@link GramMatrix}: the result is a function of the sequence of rows. Memory: {@code 16
 * width^2} bytes for the sums and {@code 2048 width} for a block; as much again as the sums for a
 * result. Mutable, not thread-safe.
 */
public final class PairedGram {

    private final int width;
    private final ProductSums moments;
    private final ProductSums cross;
    private final double[] floatSums;
    private final double[] quantizedSums;
    private final PackedRows floatRows;
    private final PackedRows quantizedRows;
    private int pending;
    private long count;

    /**
     * Moments of nothing.
     *
     * @param width number of inputs of the layer, at most {@link GramMatrix#WIDEST}
     */
    public PairedGram(int width) {
        if (width < 1 || width > GramMatrix.WIDEST) {
            throw new IllegalArgumentException(
                    "a layer has 1 to %d inputs, got %d".formatted(GramMatrix.WIDEST, width));
        }
        this.width = width;
        this.moments = new ProductSums(width, true);
        this.cross = new ProductSums(width, false);
        this.floatSums = new double[width];
        this.quantizedSums = new double[width];
        this.floatRows = new PackedRows(width);
        this.quantizedRows = new PackedRows(width);
    }

    /** Number of inputs. */
    public int width() {
        return width;
    }

    /** Pairs of rows so far. */
    public long count() {
        return count;
    }

    /**
     * Adds samples.
     *
     * @param floats holds {@code count} rows of the float network without gaps
     * @param floatsFrom index of the first number
     * @param quantized holds the rows of the quantized network, in the same order
     * @param quantizedFrom index of the first number
     */
    public void add(
            float[] floats,
            int floatsFrom,
            float[] quantized,
            int quantizedFrom,
            int count,
            Workers workers) {
        for (int i = 0; i < count; i++) {
            floatRows.put(pending, floats, floatsFrom + i * width, 1);
            quantizedRows.put(pending, quantized, quantizedFrom + i * width, 1);
            pending++;
            this.count++;
            if (pending == PackedRows.CAPACITY) {
                flush(workers);
            }
        }
    }

    private void flush(Workers workers) {
        if (pending > 0) {
            moments.add(quantizedRows, quantizedRows, pending, workers);
            cross.add(floatRows, quantizedRows, pending, workers);
            floatRows.addColumns(pending, floatSums);
            quantizedRows.addColumns(pending, quantizedSums);
            pending = 0;
        }
    }

    /**
     * The moments. Ends a block.
     *
     * @throws IllegalStateException when there was no row, or values were not finite or too large
     */
    public PairedMoments moments() {
        if (count == 0) {
            throw new IllegalStateException("moments need at least one pair of rows");
        }
        flush(Workers.sequential());
        double[] floatMean = new double[width];
        double[] quantizedMean = new double[width];
        for (int i = 0; i < width; i++) {
            floatMean[i] = floatSums[i] / count;
            quantizedMean[i] = quantizedSums[i] / count;
        }
        Hessian hessian = new Hessian(width, moments.dividedBy((double) count));
        double[] crossMoments = cross.dividedBy((double) count);
        for (int i = 0; i < width; i++) {
            int at = i * width + i;
            if (!Double.isFinite(hessian.values()[at]) || !Double.isFinite(crossMoments[at])) {
                throw new IllegalStateException(
                        "input %d of the layer had values that are not finite, or too large to be squared"
                                .formatted(i));
            }
        }
        return new PairedMoments(hessian, crossMoments, floatMean, quantizedMean);
    }
}
