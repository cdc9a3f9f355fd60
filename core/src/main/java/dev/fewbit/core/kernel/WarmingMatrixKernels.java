package dev.fewbit.core.kernel;

/** Begins with the scalar kernels and changes each to its vector version as {@link WarmUp} says. */
final class WarmingMatrixKernels implements MatrixKernels {

    // Each number is what the scalar kernel does in the half second that warming the other takes.

    /** Products at 3 a nanosecond. */
    private static final long DOUBLES = 1L << 30;

    /** Products at 1 to 2 a nanosecond. */
    private static final long FLOATS = 1L << 29;

    private final MatrixKernels scalar = ScalarMatrixKernels.INSTANCE;

    /** Loaded when a thread first asks: loading the Vector API takes a while. */
    private static final class Vectors {
        static final MatrixKernels KERNELS = new VectorMatrixKernels();
    }

    private final WarmUp subtractProduct = new WarmUp(DOUBLES, n -> exerciseSubtract(n));
    private final WarmUp addProducts = new WarmUp(FLOATS, n -> exerciseAdd(n));

    /** Some whole pieces and edges on both sides. */
    private static void exerciseSubtract(int elements) {
        int rows = 5;
        int columns = 35;
        int depth = Math.max(1, elements / columns);
        double[] a = new double[rows * depth];
        double[] b = new double[depth * columns];
        Vectors.KERNELS.subtractProduct(
                a,
                0,
                depth,
                b,
                0,
                columns,
                new double[rows * columns],
                0,
                columns,
                rows,
                depth,
                columns);
    }

    private static void exerciseAdd(int elements) {
        int samples = Math.clamp(elements / TILE, 1, MOST_SAMPLES);
        float[] values = new float[samples * TILE];
        double[] sums = new double[TILE * TILE];
        Vectors.KERNELS.addProducts(values, 0, values, 0, samples, sums, 0, TILE);
    }

    @Override
    public String name() {
        return Vectors.KERNELS.name();
    }

    @Override
    public void subtractProduct(
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            int bStride,
            double[] c,
            int cFrom,
            int cStride,
            int rows,
            int depth,
            int columns) {
        boolean ready = subtractProduct.ready((long) rows * depth * columns);
        (ready ? Vectors.KERNELS : scalar)
                .subtractProduct(
                        a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, rows, depth,
                        columns);
    }

    @Override
    public void addProducts(
            float[] left,
            int leftFrom,
            float[] right,
            int rightFrom,
            int samples,
            double[] sums,
            int at,
            int stride) {
        boolean ready = addProducts.ready((long) samples * TILE * TILE);
        (ready ? Vectors.KERNELS : scalar)
                .addProducts(left, leftFrom, right, rightFrom, samples, sums, at, stride);
    }
}
