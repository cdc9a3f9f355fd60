package dev.fewbit.core.quantize;

import java.util.Random;

/** Values to quantize, from fixed seeds. */
final class Samples {

    private Samples() {}

    static float[] gaussian(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Laplacian with variance 1. */
    static float[] laplacian(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double magnitude = -Math.log(1 - random.nextDouble()) / Math.sqrt(2);
            values[i] = (float) (random.nextBoolean() ? magnitude : -magnitude);
        }
        return values;
    }

    /** Of one kind, told by a number: bells, heavy tails, few values, one sign, outliers, zeros. */
    static float[] ofKind(int kind, int count, long seed) {
        Random random = new Random(seed);
        float[] values = gaussian(count, seed);
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (kind % 7) {
                        case 0 -> values[i] * 0.03f;
                        case 1 -> values[i] * values[i] * values[i];
                        case 2 -> random.nextInt(-2, 3) * 0.25f;
                        case 3 -> Math.abs(values[i]) + 0.5f;
                        case 4 -> i % 37 == 5 ? 50 * values[i] : values[i];
                        case 5 -> random.nextInt(4) == 0 ? values[i] : 0;
                        default -> -1e-3f;
                    };
        }
        return values;
    }
}
