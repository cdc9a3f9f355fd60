package dev.fewbit.core.kernel;

import dev.fewbit.core.format.Affine;

/** Begins with the scalar kernels and changes each to its vector version as {@link WarmUp} says. */
final class WarmingKernels implements AffineKernels {

    // Warming a kernel costs about half a second of one processor, most of it in the compiler. Each
    // number is what its scalar kernel does in that time, measured on an x86 server.

    /** Elements of a loop that the compiler makes vector code of, 0.3 ns each. */
    private static final long VECTORIZED = 1L << 30;

    /** Elements of a loop that stays scalar, 2 ns each. */
    private static final long PLAIN = 1L << 26;

    /** Elements of the loops of a search, 1 to 2 ns each. */
    private static final long SEARCH = 1L << 25;

    private final AffineKernels scalar = ScalarKernels.INSTANCE;

    /** Loaded when a thread first asks: loading the Vector API takes a while. */
    private static final class Vectors {
        static final AffineKernels KERNELS = new VectorKernels();
        static final KernelExercises EXERCISES = new KernelExercises(KERNELS);
    }

    private final WarmUp rangeRow = new WarmUp(VECTORIZED, n -> Vectors.EXERCISES.rangeRow(n));
    private final WarmUp rangeColumns = new WarmUp(PLAIN, n -> Vectors.EXERCISES.rangeColumns(n));
    private final WarmUp quantizeRowBytes =
            new WarmUp(VECTORIZED, n -> Vectors.EXERCISES.quantizeRowBytes(n));
    private final WarmUp quantizeRowShorts =
            new WarmUp(VECTORIZED, n -> Vectors.EXERCISES.quantizeRowShorts(n));
    private final WarmUp quantizeColumnsBytes =
            new WarmUp(PLAIN, n -> Vectors.EXERCISES.quantizeColumnsBytes(n));
    private final WarmUp quantizeColumnsShorts =
            new WarmUp(PLAIN, n -> Vectors.EXERCISES.quantizeColumnsShorts(n));
    private final WarmUp measureRow = new WarmUp(PLAIN, n -> Vectors.EXERCISES.measureRow(n));
    private final WarmUp measureColumns =
            new WarmUp(PLAIN, n -> Vectors.EXERCISES.measureColumns(n));
    private final WarmUp errorRow = new WarmUp(PLAIN, n -> Vectors.EXERCISES.errorRow(n));
    private final WarmUp errorColumns = new WarmUp(PLAIN, n -> Vectors.EXERCISES.errorColumns(n));
    private final WarmUp searchErrors = new WarmUp(SEARCH, n -> Vectors.EXERCISES.searchErrors(n));
    private final WarmUp searchMoments =
            new WarmUp(SEARCH, n -> Vectors.EXERCISES.searchMoments(n));

    private AffineKernels pick(WarmUp kernel, long elements) {
        return kernel.ready(elements) ? Vectors.KERNELS : scalar;
    }

    @Override
    public String name() {
        return Vectors.KERNELS.name();
    }

    @Override
    public void rangeRow(
            float[] values, int from, int count, float[] minima, float[] maxima, int at) {
        pick(rangeRow, count).rangeRow(values, from, count, minima, maxima, at);
    }

    @Override
    public void rangeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] minima,
            float[] maxima,
            int at) {
        pick(rangeColumns, (long) depth * columns)
                .rangeColumns(values, from, depth, columns, stride, minima, maxima, at);
    }

    @Override
    public void quantizeRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            byte[] codes,
            int at) {
        pick(quantizeRowBytes, count)
                .quantizeRow(values, from, count, scale, zeroPoint, format, codes, at);
    }

    @Override
    public void quantizeRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            short[] codes,
            int at) {
        pick(quantizeRowShorts, count)
                .quantizeRow(values, from, count, scale, zeroPoint, format, codes, at);
    }

    @Override
    public void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            byte[] codes,
            int at) {
        pick(quantizeColumnsBytes, (long) depth * columns)
                .quantizeColumns(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        codes,
                        at);
    }

    @Override
    public void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            short[] codes,
            int at) {
        pick(quantizeColumnsShorts, (long) depth * columns)
                .quantizeColumns(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        codes,
                        at);
    }

    @Override
    public void measureRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            ErrorSums sums) {
        pick(measureRow, count).measureRow(values, from, count, scale, zeroPoint, format, sums);
    }

    @Override
    public void measureColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            ErrorSums sums) {
        pick(measureColumns, (long) depth * columns)
                .measureColumns(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        sums);
    }

    @Override
    public double errorRow(
            float[] values, int from, int count, float scale, int zeroPoint, Affine format) {
        return pick(errorRow, count).errorRow(values, from, count, scale, zeroPoint, format);
    }

    @Override
    public void errorColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at) {
        pick(errorColumns, (long) depth * columns)
                .errorColumns(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        errors,
                        at);
    }

    @Override
    public void searchErrors(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at) {
        pick(searchErrors, (long) rows * LANES)
                .searchErrors(
                        tile, from, rows, scales, zeroPoints, parametersAt, format, errors, at);
    }

    @Override
    public void searchMoments(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] moments) {
        pick(searchMoments, (long) rows * LANES)
                .searchMoments(tile, from, rows, scales, zeroPoints, parametersAt, format, moments);
    }
}
