package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.affine.RangeMethod.Clipped;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

/**
 * Chooses the parameters of one group that is larger than a band, by reading it in chunks. {@link
 * BandQuantizer#quantizeWith} then makes the codes.
 *
 * <p>{@link MinMax} and {@link Clipped} read once, {@link LeastSquares} {@code 4 + bisections + 2 *
 * refits} times; the parameters do not depend on the sizes of the chunks, and are those that {@link
 * BandQuantizer} gives a group of more than 4096 adjacent elements. Immutable, shared by threads.
 */
public final class RangeSearch {

    private final Affine format;
    private final RangeMethod method;
    private final AffineKernels kernels;

    /** Searches with the fastest kernels there are. */
    public RangeSearch(Affine format, RangeMethod method) {
        this(format, method, AffineKernels.best());
    }

    /** Searches with these kernels; the result is the same with any. */
    public RangeSearch(Affine format, RangeMethod method, AffineKernels kernels) {
        this.format = format;
        this.method = method;
        this.kernels = kernels;
    }

    /**
     * What was found.
     *
     * @param parameters scale and zero point of the group
     * @param minimum smallest value; 0 when there is none
     * @param maximum largest value; 0 when there is none
     * @param count number of values
     */
    public record Result(AffineParameters parameters, float minimum, float maximum, long count) {}

    /**
     * Searches.
     *
     * @param chunks the group
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from the
     *     first value of the group
     * @throws IllegalArgumentException when a chunk before the last has an odd size
     */
    public Result search(FloatChunks chunks) {
        Span span = new Span();
        chunks.forEach(span);
        if (span.count == 0) {
            return new Result(AffineParameters.of(0, 0, format), 0, 0, 0);
        }
        AffineParameters spanning = spanning(span.minimum, span.maximum, format, method);
        AffineParameters parameters =
                switch (method) {
                    case MinMax(), Clipped(double _) -> spanning;
                    case LeastSquares effort -> {
                        float[] scales = {spanning.scale()};
                        int[] zeroPoints = {spanning.zeroPoint()};
                        new LeastSquaresSearch(format, effort)
                                .search(
                                        new RunTarget(kernels, format, chunks),
                                        span.count,
                                        scales,
                                        zeroPoints,
                                        0,
                                        1);
                        yield new AffineParameters(scales[0], zeroPoints[0]);
                    }
                };
        return new Result(parameters, span.minimum, span.maximum, span.count);
    }

    /** The parameters before anything is searched, given the ends of the values' range. */
    static AffineParameters spanning(
            float minimum, float maximum, Affine format, RangeMethod method) {
        return switch (method) {
            case MinMax(), LeastSquares _ -> AffineParameters.of(minimum, maximum, format);
            case Clipped(double share) ->
                    AffineParameters.of(
                            (float) (minimum * share), (float) (maximum * share), format);
        };
    }

    /** Range of the group so far. */
    private final class Span implements FloatChunks.Visitor {

        private final float[] low = new float[1];
        private final float[] high = new float[1];
        private float minimum = Float.POSITIVE_INFINITY;
        private float maximum = Float.NEGATIVE_INFINITY;
        private long count;

        @Override
        public void visit(float[] values, int from, int size) {
            if (count % FloatChunks.MULTIPLE != 0) {
                throw new IllegalArgumentException(
                        "all chunks but the last have a multiple of %d values, but one ends at %d"
                                .formatted(FloatChunks.MULTIPLE, count));
            }
            if (size == 0) {
                return;
            }
            kernels.rangeRow(values, from, size, low, high, 0);
            if (Float.isNaN(low[0])) {
                int index = AffineKernels.firstNonFinite(values, from, size);
                throw new NonFiniteValueException(count + index, values[from + index]);
            }
            minimum = Math.min(minimum, low[0]);
            maximum = Math.max(maximum, high[0]);
            count += size;
        }
    }
}
