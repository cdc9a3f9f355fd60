package dev.fewbit.core.calibrate;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.OctaveHistogram;
import dev.fewbit.core.statistics.TensorStatistics;

import java.util.Random;

/** Values from fixed seeds, and what rounding really does to them. */
final class Values {

    static final int KINDS = 9;

    private Values() {}

    static float[] ofKind(int kind, int count, long seed) {
        Random random = new Random(31 * seed + kind);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float normal = (float) random.nextGaussian();
            values[i] =
                    switch (kind) {
                        case 0 -> normal;
                        case 1 -> laplacian(random);
                        case 2 -> Math.max(0, normal);
                        case 3 -> Math.max(0, laplacian(random));
                        case 4 -> (float) (2 * normal / (1 + Math.exp(-3.4 * normal)));
                        case 5 -> normal * (i % 1000 == 3 ? 100 : 1);
                        case 6 -> Math.min(0, normal) - 0.25f;
                        case 7 -> random.nextInt(-3, 11) * 0.3f;
                        default -> (float) Math.exp(-12 * random.nextDouble());
                    };
        }
        return values;
    }

    /** With the density {@code exp(-|x|) / 2}. */
    private static float laplacian(Random random) {
        double magnitude = -Math.log(1 - random.nextDouble());
        return (float) (random.nextBoolean() ? magnitude : -magnitude);
    }

    static OctaveHistogram distribution(float... values) {
        TensorStatistics statistics = new TensorStatistics();
        statistics.add(values, 0, values.length);
        return statistics.distribution();
    }

    static double squaredError(float[] values, AffineParameters parameters, Affine format) {
        AffineMapping mapping = new AffineMapping(format, parameters);
        double sum = 0;
        for (float value : values) {
            double error = value - (double) mapping.dequantize(mapping.quantize(value));
            sum += error * error;
        }
        return sum / values.length;
    }

    static double decibels(double ratio) {
        return 10 * Math.log10(ratio);
    }
}
