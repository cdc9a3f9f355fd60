package dev.fewbit.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.core.statistics.Pieces;

import org.junit.jupiter.api.Test;

import java.util.Random;

class RoundingErrorTest {

    /** Against the definition at many evenly spaced points of every piece. */
    @Test
    void theErrorIsTheIntegralOverEveryPiece() {
        Random random = new Random(9);
        for (int round = 0; round < 60; round++) {
            float[] values = Values.ofKind(round % Values.KINDS, 40, round);
            Distribution distribution =
                    round % 2 == 0 ? Values.distribution(values) : coarse(values);
            Affine format =
                    new Affine(random.nextInt(2, 9), random.nextBoolean(), random.nextBoolean());
            // From levels that are much finer than pieces to those that clip nearly all.
            float scale = (float) Math.exp(random.nextGaussian() * 2 - 3);
            int zeroPoint =
                    format.symmetric()
                            ? format.middle()
                            : random.nextInt(format.qmin(), format.qmax() + 1);
            AffineParameters parameters = new AffineParameters(scale, zeroPoint);
            double expected = integral(distribution, new AffineMapping(format, parameters));
            double actual = ActivationRanges.expectedSquaredError(distribution, parameters, format);
            // The sum of points is itself off by about the squared distance of points, relatively.
            assertThat(actual).isCloseTo(expected, within(1e-3 * expected + 1e-12));
        }
    }

    private static Histogram coarse(float[] values) {
        Histogram histogram = new Histogram(16);
        histogram.add(values, 0, values.length);
        return histogram;
    }

    private static double integral(Distribution distribution, AffineMapping mapping) {
        int points = 20_000;
        Pieces pieces = distribution.pieces();
        double scale = mapping.parameters().scale();
        int zeroPoint = mapping.parameters().zeroPoint();
        double sum = 0;
        for (int piece = 0; piece < pieces.size(); piece++) {
            double low = pieces.lower(piece);
            double high = pieces.upper(piece);
            double mean = 0;
            for (int i = 0; i < points; i++) {
                double x = low + (high - low) * (i + 0.5) / points;
                double code =
                        Math.clamp(
                                Math.rint(x / scale),
                                mapping.format().qmin() - zeroPoint,
                                mapping.format().qmax() - zeroPoint);
                mean += (x - code * scale) * (x - code * scale) / points;
            }
            sum += pieces.count(piece) * mean;
        }
        return sum / distribution.count();
    }

    @Test
    void theEstimateFromAHistogramIsTheErrorOfTheValues() {
        Affine format = new Affine(8, false, false);
        for (int kind : new int[] {0, 1, 2, 3, 4, 5}) {
            float[] values = Values.ofKind(kind, 400_000, 2);
            Distribution distribution = Values.distribution(values);
            for (ActivationRange range :
                    new ActivationRange[] {
                        new ActivationRange.MinMax(), new ActivationRange.SquaredError()
                    }) {
                AffineParameters parameters = ActivationRanges.find(distribution, range, format);
                double expected =
                        ActivationRanges.expectedSquaredError(distribution, parameters, format);
                double real = Values.squaredError(values, parameters, format);
                // Measured: within 0.006 dB.
                assertThat(Values.decibels(expected / real)).isBetween(-0.02, 0.02);
            }
        }
    }
}
