package dev.fewbit.core.rounding;

import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;

import java.util.Random;

/** Layers and inputs to test with, from fixed seeds. */
public final class Problems {

    public static final Affine INT4 = new Affine(4, true, true);
    public static final Affine INT3 = new Affine(3, true, true);
    public static final Workers ALONE = Workers.sequential();

    private Problems() {}

    public static WeightMatrix weights(int rows, int columns, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.05 * random.nextGaussian());
        }
        return new WeightMatrix(values, rows, columns);
    }

    /** Rows of inputs that depend on each other and differ in size, with a mean. */
    public static float[] inputs(int count, int width, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * width];
        for (int s = 0; s < count; s++) {
            double common = random.nextGaussian();
            double last = 0;
            for (int i = 0; i < width; i++) {
                last = 0.7 * last + 0.5 * random.nextGaussian() + 0.4 * common + 0.1;
                values[s * width + i] = (float) (last * (1 + i % 5));
            }
        }
        return values;
    }

    public static Hessian hessian(int width, long seed) {
        int count = 4 * width;
        GramMatrix gram = new GramMatrix(width);
        gram.add(inputs(count, width, seed), 0, count, ALONE);
        return gram.hessian();
    }

    public static AffineGrid grid(WeightMatrix weights, Affine format, int groupSize) {
        return AffineGrid.fit(weights, format, groupSize, new MinMax());
    }

    /** Levels of powers of two. */
    public static float[] powersOfTwo() {
        return new float[] {-1, -0.5f, -0.25f, -0.125f, 0, 0.125f, 0.25f, 0.5f, 1};
    }
}
