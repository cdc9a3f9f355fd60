package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** Half-quadratic quantization and activation-aware scales. */
class WithoutSamplesTest {

    private static final Affine UINT3 = new Affine(3, false, false);

    @Test
    void theManyGainWhereThereAreOutliers() {
        WeightMatrix weights = heavyTailed(64, 256);
        for (Affine format : new Affine[] {UINT3, INT4}) {
            AffineGrid start = AffineGrid.fit(weights, format, 64, new MinMax());
            AffineGrid improved = Hqq.improve(weights, start, Workers.of(2));
            double total = 0;
            double totalBefore = 0;
            for (int row = 0; row < 64; row++) {
                for (int g = 0; g < 4; g++) {
                    double before = absoluteError(weights, start, row, g);
                    double after = absoluteError(weights, improved, row, g);
                    assertThat(after).isLessThanOrEqualTo(before * (1 + 1e-6));
                    total += after;
                    totalBefore += before;
                }
            }
            assertThat(total).isLessThan(0.99 * totalBefore);
            AffineGrid again = Hqq.improve(weights, start, ALONE);
            assertThat(again.zeroPoints()).isEqualTo(improved.zeroPoints());
            assertThat(again.scales()).isEqualTo(improved.scales());
        }
    }

    private static double absoluteError(
            WeightMatrix weights, RoundingGrid grid, int row, int group) {
        double sum = 0;
        for (int c = group * 64; c < (group + 1) * 64; c++) {
            float weight = weights.get(row, c);
            sum += Math.abs(weight - grid.value(row, c, grid.nearest(row, c, weight)));
        }
        return sum;
    }

    /** Values as they come from the exponential of a bell, with a sign; and off the middle. */
    private static WeightMatrix heavyTailed(int rows, int columns) {
        float[] values = Problems.weights(rows, columns, 1).toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * values[i] * values[i] * 1e3f + 0.01f;
        }
        return new WeightMatrix(values, rows, columns);
    }

    @Test
    void shrinkingGivesUpOnOutliersOnly() {
        assertThat(Hqq.shrink(0.1, 10)).isZero();
        assertThat(Hqq.shrink(-0.15, 10)).isZero();
        assertThat(Hqq.shrink(2, 10)).isCloseTo(2 - Math.pow(2, -5 / 16.0) / 10, within(1e-12));
        assertThat(Hqq.shrink(-2, 10)).isEqualTo(-Hqq.shrink(2, 10));
    }

    @Test
    void theUnitOfTheWeightsDoesNotMatter() {
        WeightMatrix weights = heavyTailed(8, 64);
        float[] thousandfold = weights.toArray();
        for (int i = 0; i < thousandfold.length; i++) {
            thousandfold[i] *= 1024;
        }
        WeightMatrix others = new WeightMatrix(thousandfold, 8, 64);
        AffineGrid one =
                Hqq.improve(weights, AffineGrid.fit(weights, UINT3, 64, new MinMax()), ALONE);
        AffineGrid other =
                Hqq.improve(others, AffineGrid.fit(others, UINT3, 64, new MinMax()), ALONE);
        assertThat(other.zeroPoints()).isEqualTo(one.zeroPoints());
        for (int row = 0; row < 8; row++) {
            assertThat(other.scale(row, 0)).isEqualTo(1024 * one.scale(row, 0));
        }
    }

    @Test
    void largeInputsGetLargeFactors() {
        int width = 64;
        WeightMatrix weights = Problems.weights(32, width, 2);
        float[] inputs = Problems.inputs(500, width, 3);
        double[] magnitudes = new double[width];
        for (int i = 0; i < inputs.length; i++) {
            // A few inputs are thirty times as large as the others.
            inputs[i] *= i % width % 16 == 3 ? 30 : 1;
            magnitudes[i % width] += Math.abs(inputs[i]) / 500;
        }
        GramMatrix gram = new GramMatrix(width);
        gram.add(inputs, 0, 500, ALONE);
        Hessian hessian = gram.hessian();
        GridFit fit = GridFit.affine(INT4, 32, new LeastSquares());
        List<AwqScales.Layer> layers =
                List.of(
                        new AwqScales.Layer(weights, (scaled, _) -> fit.fit(scaled)),
                        new AwqScales.Layer(
                                Problems.weights(8, width, 4), (scaled, _) -> fit.fit(scaled)));
        AwqScales.Found found = AwqScales.search(layers, magnitudes, hessian, Workers.of(2));
        assertThat(found.exponent()).isPositive();
        assertThat(found.error()).isLessThan(0.8 * found.errorWithout());
        float[] factors = found.factors();
        assertThat(factors[3]).isGreaterThan(1.3f * factors[4]);
        float[] sorted = factors.clone();
        Arrays.sort(sorted);
        assertThat(sorted[0] * sorted[width - 1]).isCloseTo(1, within(1e-5f));
        // It is the error that rounding with these factors really has.
        double error = 0;
        for (AwqScales.Layer layer : layers) {
            WeightMatrix scaled = layer.weights().timesColumns(factors);
            float[] values = RoundedMatrix.nearest(scaled, fit.fit(scaled)).dequantize();
            for (int i = 0; i < values.length; i++) {
                values[i] /= factors[i % width];
            }
            error +=
                    WeightedError.of(
                            layer.weights(),
                            new WeightMatrix(values, scaled.rows(), width),
                            hessian,
                            ALONE);
        }
        assertThat(error).isCloseTo(found.error(), within(1e-9));
    }

    @Test
    void equalInputsNeedNoFactors() {
        double[] magnitudes = new double[20];
        Arrays.fill(magnitudes, 3);
        AwqScales.Found found =
                AwqScales.search(
                        List.of(
                                new AwqScales.Layer(
                                        Problems.weights(4, 20, 1),
                                        (scaled, _) ->
                                                GridFit.affine(INT4, 20, new MinMax())
                                                        .fit(scaled))),
                        magnitudes,
                        Hessian.identity(20),
                        ALONE);
        assertThat(found.factors()).containsOnly(1);
        assertThat(found.error()).isEqualTo(found.errorWithout());
        assertThat(AwqScales.factors(new double[3], 0.5)).containsOnly(1);
        assertThatThrownBy(() -> AwqScales.factors(new double[] {-1}, 0.5))
                .hasMessageContaining("-1");
    }
}
