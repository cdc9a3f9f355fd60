package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT3;
import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;

class CoordinateDescentTest {

    private static final int MANY = 1000;

    @Test
    void theErrorNeverRises() {
        WeightMatrix weights = Problems.weights(40, 300, 1);
        Hessian hessian = Problems.hessian(300, 2);
        RoundingGrid[] grids = {
            Problems.grid(weights, INT3, 32),
            Problems.grid(weights, new Affine(4, false, false), 300),
            GridFit.levels(Problems.powersOfTwo(), 50).fit(weights)
        };
        for (RoundingGrid grid : grids) {
            RoundedMatrix rounded = RoundedMatrix.nearest(weights, grid);
            double[] errors = errors(weights, rounded, hessian);
            for (int sweep = 0; sweep < 8; sweep++) {
                rounded = CoordinateDescent.improve(weights, hessian, rounded, 1, ALONE);
                double[] next = errors(weights, rounded, hessian);
                for (int row = 0; row < next.length; row++) {
                    assertThat(next[row]).isLessThanOrEqualTo(errors[row] * (1 + 1e-9));
                }
                errors = next;
            }
        }
    }

    @Test
    void sweepsOneByOneAreSweepsTogether() {
        WeightMatrix weights = Problems.weights(33, 150, 3);
        Hessian hessian = Problems.hessian(150, 4);
        RoundedMatrix start = RoundedMatrix.nearest(weights, Problems.grid(weights, INT4, 32));
        RoundedMatrix one = start;
        for (int sweep = 0; sweep < 4; sweep++) {
            one = CoordinateDescent.improve(weights, hessian, one, 1, ALONE);
        }
        assertThat(CoordinateDescent.improve(weights, hessian, start, 4, ALONE).codes())
                .isEqualTo(one.codes());
    }

    @Test
    void atTheEndNoSingleChangeImproves() {
        WeightMatrix weights = Problems.weights(6, 30, 5);
        Hessian hessian = Problems.hessian(30, 6);
        AffineGrid grid = Problems.grid(weights, INT3, 10);
        RoundedMatrix start = Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
        RoundedMatrix end = CoordinateDescent.improve(weights, hessian, start, MANY, ALONE);
        double[] best = errors(weights, end, hessian);
        for (int row = 0; row < 6; row++) {
            for (int c = 0; c < 30; c++) {
                for (int code = INT3.qmin(); code <= INT3.qmax(); code++) {
                    byte[] codes = end.codes();
                    codes[row * 30 + c] = (byte) code;
                    double[] others = errors(weights, new RoundedMatrix(grid, codes), hessian);
                    assertThat(others[row]).isGreaterThanOrEqualTo(best[row] * (1 - 1e-9));
                }
            }
        }
    }

    /** With four weights of 2 bits all 256 roundings of a row can be tried. */
    @Test
    void afterGptqItIsCloseToTheBestThereIs() {
        Affine int2 = new Affine(2, true, true);
        double sumOfBest = 0;
        double sumOfFound = 0;
        double sumOfNearest = 0;
        for (int seed = 0; seed < 40; seed++) {
            WeightMatrix weights = Problems.weights(1, 4, seed);
            Hessian hessian = Problems.hessian(4, 100 + seed);
            AffineGrid grid = Problems.grid(weights, int2, 4);
            double best = Double.POSITIVE_INFINITY;
            for (int number = 0; number < 256; number++) {
                byte[] codes = new byte[4];
                for (int i = 0; i < 4; i++) {
                    codes[i] = (byte) ((number >> (2 * i) & 3) - 2);
                }
                best = Math.min(best, error(weights, new RoundedMatrix(grid, codes), hessian));
            }
            RoundedMatrix nearest = RoundedMatrix.nearest(weights, grid);
            RoundedMatrix start = Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
            RoundedMatrix end = CoordinateDescent.improve(weights, hessian, start, MANY, ALONE);
            double found = error(weights, end, hessian);
            assertThat(found).isGreaterThanOrEqualTo(best * (1 - 1e-9));
            assertThat(found).isLessThanOrEqualTo(error(weights, start, hessian) * (1 + 1e-9));
            sumOfBest += best;
            sumOfFound += found;
            sumOfNearest += error(weights, nearest, hessian);
        }
        assertThat(sumOfFound).isLessThan(1.35 * sumOfBest);
        assertThat(sumOfNearest).isGreaterThan(2 * sumOfBest);
    }

    @Test
    void withoutCorrelationItIsNearestRounding() {
        WeightMatrix weights = Problems.weights(5, 40, 7);
        AffineGrid grid = Problems.grid(weights, INT4, 40);
        double[] diagonal = new double[40];
        for (int i = 0; i < 40; i++) {
            diagonal[i] = 1 + i;
        }
        RoundedMatrix zeros = new RoundedMatrix(grid, new byte[5 * 40]);
        RoundedMatrix end =
                CoordinateDescent.improve(
                        weights, Hessian.ofDiagonal(diagonal), zeros, MANY, ALONE);
        assertThat(end.codes()).isEqualTo(RoundedMatrix.nearest(weights, grid).codes());
    }

    @Test
    void theCodesDoNotDependOnTheThreads() {
        WeightMatrix weights = Problems.weights(150, 260, 8);
        Hessian hessian = Problems.hessian(260, 9);
        RoundedMatrix start = RoundedMatrix.nearest(weights, Problems.grid(weights, INT4, 32));
        byte[] expected = CoordinateDescent.improve(weights, hessian, start, 5, ALONE).codes();
        for (int threads = 2; threads < 5; threads++) {
            assertThat(
                            CoordinateDescent.improve(
                                            weights, hessian, start, 5, Workers.of(threads))
                                    .codes())
                    .isEqualTo(expected);
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        WeightMatrix weights = Problems.weights(2, 8, 1);
        RoundedMatrix start = RoundedMatrix.nearest(weights, Problems.grid(weights, INT4, 8));
        Hessian hessian = Hessian.identity(8);
        assertThatThrownBy(() -> CoordinateDescent.improve(weights, hessian, start, -1, ALONE))
                .hasMessageContaining("-1");
        assertThatThrownBy(
                        () ->
                                CoordinateDescent.improve(
                                        Problems.weights(3, 8, 1), hessian, start, 1, ALONE))
                .hasMessageContaining("3 x 8");
    }

    private static double error(WeightMatrix weights, RoundedMatrix rounded, Hessian hessian) {
        return WeightedError.of(weights, rounded, hessian, ALONE);
    }

    private static double[] errors(WeightMatrix weights, RoundedMatrix rounded, Hessian hessian) {
        return WeightedError.ofRows(weights, rounded.toWeights(), hessian, ALONE);
    }
}
