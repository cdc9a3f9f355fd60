package dev.fewbit.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;
import dev.fewbit.core.statistics.Histogram;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class ActivationRangesTest {

    private static final List<Affine> FORMATS =
            List.of(
                    new Affine(8, false, false),
                    new Affine(8, true, true),
                    new Affine(8, true, false),
                    new Affine(4, false, false),
                    new Affine(16, false, false),
                    new Affine(16, true, true));

    private static final ActivationRange MIN_MAX = new ActivationRange.MinMax();
    private static final ActivationRange SQUARED = new ActivationRange.SquaredError();

    @Test
    void squaredErrorIsNeverWorseThanAnyOtherRange() {
        for (int kind = 0; kind < Values.KINDS; kind++) {
            float[] values = Values.ofKind(kind, 20_000, 1);
            for (Distribution distribution : distributions(values)) {
                for (Affine format : FORMATS) {
                    double best = error(distribution, SQUARED, format);
                    assertThat(best).isLessThanOrEqualTo(error(distribution, MIN_MAX, format));
                    // The search is not exhaustive; 0.02 dB are a factor of 1.0046.
                    for (double percent : new double[] {99, 99.9, 99.99}) {
                        assertThat(best)
                                .isLessThanOrEqualTo(
                                        1.0046
                                                * error(
                                                        distribution,
                                                        new ActivationRange.Percentile(percent),
                                                        format));
                    }
                    if (format.bits() == 8) {
                        assertThat(best)
                                .isLessThanOrEqualTo(
                                        1.0046
                                                * error(
                                                        distribution,
                                                        new ActivationRange.Entropy(),
                                                        format));
                    }
                }
            }
        }
    }

    private static List<Distribution> distributions(float[] values) {
        Histogram histogram = new Histogram(4096);
        histogram.add(values, 0, values.length);
        return List.of(Values.distribution(values), histogram);
    }

    private static double error(Distribution distribution, ActivationRange range, Affine format) {
        AffineParameters parameters = ActivationRanges.find(distribution, range, format);
        return ActivationRanges.expectedSquaredError(distribution, parameters, format);
    }

    @Test
    void hundredPerCentAreMinMax() {
        ActivationRange all = new ActivationRange.Percentile(100);
        for (int kind = 0; kind < Values.KINDS; kind++) {
            float[] values = Values.ofKind(kind, 3_000, 2);
            for (Distribution distribution : distributions(values)) {
                for (Affine format : FORMATS) {
                    AffineParameters expected =
                            AffineParameters.of(
                                    distribution.minimum(), distribution.maximum(), format);
                    assertThat(ActivationRanges.find(distribution, MIN_MAX, format))
                            .isEqualTo(expected);
                    assertThat(ActivationRanges.find(distribution, all, format))
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void percentilesCutAsManyValuesAsTheySay() {
        Affine format = new Affine(16, false, false);
        for (int kind = 0; kind < Values.KINDS; kind++) {
            float[] values = Values.ofKind(kind, 50_000, 3);
            double[] magnitudes =
                    IntStream.range(0, values.length)
                            .mapToDouble(i -> Math.abs(values[i]))
                            .filter(magnitude -> magnitude > 0)
                            .sorted()
                            .toArray();
            for (double percent : new double[] {50, 90, 99, 99.9}) {
                double expected =
                        magnitudes[(int) Math.ceil(percent / 100 * magnitudes.length) - 1];
                double quantile =
                        Magnitudes.of(Values.distribution(values)).quantile(percent / 100);
                // One bin is 1/256 of the value at most, and values of one bin are not in order.
                assertThat(quantile).isCloseTo(expected, within(expected / 256 + 1e-9));
                AffineParameters parameters =
                        ActivationRanges.find(
                                Values.distribution(values),
                                new ActivationRange.Percentile(percent),
                                format);
                AffineMapping mapping = new AffineMapping(format, parameters);
                double reach =
                        Math.max(
                                mapping.dequantize(format.qmax()),
                                -mapping.dequantize(format.qmin()));
                assertThat(reach).isLessThanOrEqualTo(quantile * 1.001 + 1e-9);
            }
        }
    }

    @Test
    void constantsAndZerosAreExact() {
        for (Affine format : FORMATS) {
            for (float constant : new float[] {3.7f, -0.02f, 1e-30f, -1e30f}) {
                Distribution distribution = Values.distribution(constant, constant, constant);
                for (ActivationRange range : List.of(MIN_MAX, SQUARED)) {
                    AffineMapping mapping =
                            new AffineMapping(
                                    format, ActivationRanges.find(distribution, range, format));
                    float back = mapping.dequantize(mapping.quantize(constant));
                    assertThat(back).isCloseTo(constant, within(Math.abs(constant) * 1e-4f));
                    assertThat(mapping.dequantize(mapping.quantize(0))).isZero();
                }
            }
            for (ActivationRange range : List.of(MIN_MAX, SQUARED)) {
                Distribution zeros = Values.distribution(0, 0, -0f);
                AffineParameters parameters = ActivationRanges.find(zeros, range, format);
                assertThat(ActivationRanges.expectedSquaredError(zeros, parameters, format))
                        .isZero();
            }
        }
        Affine format = new Affine(8, false, false);
        for (ActivationRange range :
                List.of(new ActivationRange.Entropy(), new ActivationRange.Percentile(99))) {
            assertThat(ActivationRanges.find(Values.distribution(0, 0), range, format))
                    .isEqualTo(new AffineParameters(1, 0));
            AffineParameters constant =
                    ActivationRanges.find(Values.distribution(2.5f, 2.5f), range, format);
            assertThat(constant.scale() * 255).isCloseTo(2.5f, within(0.02f));
        }
    }

    @Test
    void oneSideUsesAllCodes() {
        Affine format = new Affine(8, false, false);
        Distribution relu = Values.distribution(Values.ofKind(2, 10_000, 4));
        Distribution negative = Values.distribution(Values.ofKind(6, 10_000, 4));
        for (ActivationRange range :
                List.of(
                        MIN_MAX,
                        SQUARED,
                        new ActivationRange.Entropy(),
                        new ActivationRange.Percentile(99.9))) {
            assertThat(ActivationRanges.find(relu, range, format).zeroPoint()).isZero();
            assertThat(ActivationRanges.find(negative, range, format).zeroPoint()).isEqualTo(255);
        }
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        Affine format = new Affine(8, false, false);
        assertThatThrownBy(() -> ActivationRanges.find(Values.distribution(), SQUARED, format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one finite value");
        assertThatThrownBy(
                        () ->
                                ActivationRanges.expectedSquaredError(
                                        new Histogram(), new AffineParameters(1, 0), format))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                ActivationRanges.find(
                                        Values.distribution(1, 2),
                                        new ActivationRange.Entropy(),
                                        new Affine(16, false, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 bits, got 16");
    }
}
