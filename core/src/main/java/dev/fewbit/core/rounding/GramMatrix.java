package dev.fewbit.core.rounding;

import org.jspecify.annotations.Nullable;

/**
 * Collects the second moments of a layer's inputs: the sum of {@code w x x^T} over samples x with
 * weights w, and the sum of {@code w x}.
 *
 * <p>Rows are taken in the order in which they come, in blocks of 256 across the borders of calls:
 * within a block sums are floats, above doubles. So the result is a function of the sequence of
 * rows alone, not of how it was cut into calls and not of the number of threads. Reading a result
 * or merging ends a block.
 *
 * <p>Memory: {@code 8 width^2} bytes for the sums, {@code 1024 width} (weighted: twice that) for a
 * block, width rounded up to a multiple of 16; as much again as the sums for each {@link Hessian}.
 * Time: {@code width^2 / 2} multiplications for each row. Mutable, not thread-safe.
 */
public final class GramMatrix {

    /** Widest layer: the sums are one array. */
    public static final int WIDEST = 32_768;

    private final int width;
    private final ProductSums sums;
    private final double[] columnSums;
    private final PackedRows rows;

    /** The rows times their weights, from the first weight on that is not 1. */
    private @Nullable PackedRows weighted;

    private boolean blockIsWeighted;
    private int pending;
    private long count;
    private double totalWeight;

    /**
     * Moments of nothing.
     *
     * @param width number of inputs of the layer, at most {@link #WIDEST}
     */
    public GramMatrix(int width) {
        if (width < 1 || width > WIDEST) {
            throw new IllegalArgumentException(
                    "a layer has 1 to %d inputs, got %d".formatted(WIDEST, width));
        }
        this.width = width;
        this.sums = ProductSums.symmetric(width);
        this.columnSums = new double[width];
        this.rows = new PackedRows(width);
    }

    /** Number of inputs. */
    public int width() {
        return width;
    }

    /** Rows so far. */
    public long count() {
        return count;
    }

    /** Sum of the weights of all rows; {@link #count} when no weights were given. */
    public double totalWeight() {
        return totalWeight;
    }

    /**
     * Adds samples.
     *
     * @param values holds {@code count} rows of {@link #width} numbers without gaps
     * @param from index of the first
     */
    public void add(float[] values, int from, int count, Workers workers) {
        for (int i = 0; i < count; i++) {
            put(values, from + i * width, 1, workers);
        }
    }

    /**
     * Adds samples that count more or less than others, for example by the squared gradient at the
     * layer's output.
     *
     * @param weights finite numbers, not negative, one for each row
     * @param weightsFrom index of the first weight
     */
    public void addWeighted(
            float[] values,
            int from,
            int count,
            float[] weights,
            int weightsFrom,
            Workers workers) {
        for (int i = 0; i < count; i++) {
            float weight = weights[weightsFrom + i];
            if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "weights are finite and not negative, got %s for row %d"
                                .formatted(weight, i));
            }
            put(values, from + i * width, weight, workers);
        }
    }

    private void put(float[] values, int from, float weight, Workers workers) {
        if (weight != 1 && !blockIsWeighted) {
            startWeights();
        }
        rows.put(pending, values, from, 1);
        if (blockIsWeighted && weighted != null) {
            weighted.put(pending, values, from, weight);
        }
        pending++;
        count++;
        totalWeight += weight;
        if (pending == PackedRows.CAPACITY) {
            flush(workers);
        }
    }

    private void startWeights() {
        if (weighted == null) {
            weighted = new PackedRows(width);
        }
        System.arraycopy(rows.values, 0, weighted.values, 0, rows.values.length);
        blockIsWeighted = true;
    }

    private void flush(Workers workers) {
        if (pending > 0) {
            PackedRows left = blockIsWeighted && weighted != null ? weighted : rows;
            sums.add(left, rows, pending, workers);
            left.addColumns(pending, columnSums);
            pending = 0;
            blockIsWeighted = false;
        }
    }

    /** Adds what another has collected. Ends a block of both. */
    public void merge(GramMatrix other) {
        if (other.width != width || other == this) {
            throw new IllegalArgumentException(
                    "moments of %d other inputs are needed, got %d".formatted(width, other.width));
        }
        flush(Workers.sequential());
        other.flush(Workers.sequential());
        sums.merge(other.sums);
        for (int i = 0; i < width; i++) {
            columnSums[i] += other.columnSums[i];
        }
        count += other.count;
        totalWeight += other.totalWeight;
    }

    /** Weighted mean of the inputs. Ends a block. */
    public double[] mean() {
        flush(Workers.sequential());
        double[] mean = new double[width];
        for (int i = 0; i < width; i++) {
            mean[i] = columnSums[i] / totalWeight;
        }
        return mean;
    }

    /**
     * The weighted mean of {@code x x^T}. Ends a block.
     *
     * @throws IllegalStateException when there was no row, or no weight, or rows had values that
     *     are not finite or whose squares are not
     */
    public Hessian hessian() {
        requireRows();
        flush(Workers.sequential());
        return finite(new Hessian(width, sums.dividedBy(totalWeight)));
    }

    /**
     * The covariance of the inputs: what errors cost when the bias is corrected for their mean, as
     * {@link OutputMoments#bias} does. Inputs whose variance drowns in rounding count as constant.
     * Ends a block.
     *
     * @throws IllegalStateException as {@link #hessian}
     */
    public Hessian centeredHessian() {
        Hessian hessian = hessian();
        double[] mean = mean();
        return new Hessian(width, Centering.center(hessian.values(), mean));
    }

    private void requireRows() {
        if (!(totalWeight > 0)) {
            throw new IllegalStateException(
                    "moments need at least one row with a weight above 0, got %d rows of weight %s"
                            .formatted(count, totalWeight));
        }
    }

    private static Hessian finite(Hessian hessian) {
        for (int i = 0; i < hessian.width(); i++) {
            if (!Double.isFinite(hessian.get(i, i))) {
                throw new IllegalStateException(
                        "input %d of the layer had values that are not finite, or too large to be squared; the mean of their squares is %s"
                                .formatted(i, hessian.get(i, i)));
            }
        }
        return hessian;
    }
}
