package dev.fewbit.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;
import dev.fewbit.core.statistics.OctaveHistogram;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class SquaredErrorSearchTest {

    private static final int SAMPLES = 1_000_000;
    private static final ActivationRange SQUARED = new ActivationRange.SquaredError();

    /**
     * Clip over deviation (Gaussian) and over the scale b (Laplacian) of R. Banner et al., ACIQ
     * (2018): what the search finds is within 0.02 dB of the best scale on a fine grid around it,
     * measured on the values.
     */
    @Test
    void knownDistributionsReachTheirOptimum() {
        check(0, new Affine(8, true, true), 3.92);
        check(0, new Affine(4, true, true), 2.56);
        check(1, new Affine(8, true, true), 9.90);
        check(1, new Affine(4, true, true), 5.03);
        // Behind a ReLU all levels are on one side: as with one bit more.
        check(2, new Affine(4, false, false), 2.93);
        check(3, new Affine(4, false, false), 6.20);
    }

    private static void check(int kind, Affine format, double knownClip) {
        float[] values = Values.ofKind(kind, SAMPLES, 5);
        AffineParameters found =
                ActivationRanges.find(Values.distribution(values), SQUARED, format);
        double error = Values.squaredError(values, found, format);
        double best = error;
        int levels = format.symmetric() ? format.levels() / 2 : format.levels() - 1;
        for (double clip = 0.8 * knownClip; clip < 1.2 * knownClip; clip += 0.02 * knownClip) {
            AffineParameters other =
                    new AffineParameters((float) (clip / levels), found.zeroPoint());
            best = Math.min(best, Values.squaredError(values, other, format));
        }
        assertThat(Values.decibels(error / best)).isLessThan(0.02);
        // Where the minimum is flat the clip may differ: a symmetric format reaches further below.
        double clip = levels * (double) found.scale();
        assertThat(clip).isBetween(0.9 * knownClip, 1.1 * knownClip);
    }

    /** Every zero point, and scales in steps of 0.6 per cent. */
    @Test
    void noGridFindsBetterParametersForFewValues() {
        Affine format = new Affine(4, false, false);
        for (int kind = 0; kind < Values.KINDS; kind++) {
            for (int seed = 0; seed < 3; seed++) {
                Distribution distribution = Values.distribution(Values.ofKind(kind, 300, seed));
                AffineParameters found = ActivationRanges.find(distribution, SQUARED, format);
                double error = ActivationRanges.expectedSquaredError(distribution, found, format);
                double best = best(distribution, format);
                assertThat(Values.decibels(error / best)).isLessThan(0.05);
            }
        }
    }

    private static double best(Distribution distribution, Affine format) {
        double best = Double.POSITIVE_INFINITY;
        float spanning =
                ActivationRanges.find(distribution, new ActivationRange.MinMax(), format).scale();
        for (int zeroPoint = format.qmin(); zeroPoint <= format.qmax(); zeroPoint++) {
            for (float scale = spanning * 1.1f; scale > spanning * 0.2f; scale *= 0.994f) {
                AffineParameters parameters = new AffineParameters(scale, zeroPoint);
                best =
                        Math.min(
                                best,
                                ActivationRanges.expectedSquaredError(
                                        distribution, parameters, format));
            }
        }
        return best;
    }

    @Test
    void bothEndsAreClippedByThemselves() {
        // A bell above zero with a far outlier below it and another one above.
        float[] values = Values.ofKind(2, 100_000, 1);
        values[7] = -40;
        values[8] = 9;
        Affine format = new Affine(8, false, false);
        AffineParameters found =
                ActivationRanges.find(Values.distribution(values), SQUARED, format);
        double low = -found.scale() * (double) found.zeroPoint();
        double high = found.scale() * (255.0 - found.zeroPoint());
        assertThat(low).isBetween(-39.5, -1.0);
        assertThat(high).isBetween(3.5, 7.0);
    }

    @Test
    void valuesBesideAMaskKeepTheirResolution() {
        float[] values = Values.ofKind(0, 50_000, 1);
        Affine format = new Affine(8, false, false);
        AffineParameters expected =
                ActivationRanges.find(Values.distribution(values), SQUARED, format);
        float[] masked = Arrays.copyOf(values, 60_000);
        Arrays.fill(masked, 50_000, 60_000, -Float.MAX_VALUE);
        OctaveHistogram rest = Values.distribution(masked).withoutMask();
        AffineParameters found = ActivationRanges.find(rest, SQUARED, format);
        assertThat(found.scale() / expected.scale()).isBetween(0.99f, 1.01f);
    }
}
