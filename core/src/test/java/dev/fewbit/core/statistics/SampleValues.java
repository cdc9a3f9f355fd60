package dev.fewbit.core.statistics;

import java.util.Random;

/** Values as networks compute them, and worse ones, from fixed seeds. */
final class SampleValues {

    static final int KINDS = 9;

    private SampleValues() {}

    static float[] ofKind(int kind, int count, long seed) {
        Random random = new Random(31 * seed + kind);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float normal = (float) random.nextGaussian();
            values[i] =
                    switch (kind) {
                        case 0 -> normal;
                        case 1 -> Math.max(0, normal);
                        case 2 -> -3;
                        case 3 -> (float) Math.exp(-80 * random.nextDouble());
                        case 4 -> normal * (float) Math.exp(8 * random.nextGaussian());
                        case 5 -> random.nextInt(-4, 5) * 0.25f;
                        case 6 -> random.nextInt(9) == 0 ? -Float.MAX_VALUE : normal;
                        case 7 -> special(random.nextInt(14));
                        default -> random.nextInt(50) == 0 ? Float.NEGATIVE_INFINITY : normal;
                    };
        }
        return values;
    }

    private static float special(int which) {
        float[] values = {
            0f,
            -0f,
            1f,
            -1f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            -Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Math.nextDown(2f),
            Math.nextUp(-2f)
        };
        return values[which];
    }
}
