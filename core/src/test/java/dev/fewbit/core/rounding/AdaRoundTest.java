package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdaRoundTest {

    private final WeightMatrix weights = Problems.weights(40, 48, 1);
    private final Hessian hessian = Problems.hessian(48, 2);
    private final AffineGrid grid = Problems.grid(weights, INT4, 24);

    @Test
    void itChoosesBetweenTheTwoNeighbours() {
        RoundedMatrix rounded = round(hessian, AdaRound.Options.standard(), Workers.of(2));
        for (int row = 0; row < 40; row++) {
            for (int c = 0; c < 48; c++) {
                byte below = grid.below(row, c, weights.get(row, c));
                assertThat(rounded.code(row, c)).isIn(below, grid.above(row, c, below));
            }
        }
        RoundedMatrix nearest = RoundedMatrix.nearest(weights, grid);
        assertThat(WeightedError.of(weights, rounded, hessian, ALONE))
                .isLessThan(0.25 * WeightedError.of(weights, nearest, hessian, ALONE));
        double[] errors = WeightedError.ofRows(weights, rounded.toWeights(), hessian, ALONE);
        double[] others = WeightedError.ofRows(weights, nearest.toWeights(), hessian, ALONE);
        for (int row = 0; row < 40; row++) {
            assertThat(errors[row]).isLessThanOrEqualTo(others[row]);
        }
        assertThat(round(hessian, AdaRound.Options.standard(), ALONE).codes())
                .isEqualTo(rounded.codes());
    }

    @Test
    void withoutCorrelationItIsNearestRounding() {
        double[] diagonal = new double[48];
        for (int i = 0; i < 48; i++) {
            diagonal[i] = 1 + i;
        }
        AdaRound.Options few = new AdaRound.Options(100, 0.1, 0.5, 0.2);
        assertThat(round(Hessian.ofDiagonal(diagonal), few, ALONE).codes())
                .isEqualTo(RoundedMatrix.nearest(weights, grid).codes());
    }

    @Test
    void impossibleEffortIsRefused() {
        assertThatThrownBy(() -> new AdaRound.Options(0, 0.1, 0.1, 0.1))
                .hasMessageContaining("got 0");
        assertThatThrownBy(() -> new AdaRound.Options(1, 0.1, 0.1, 2)).hasMessageContaining("2.0");
    }

    private RoundedMatrix round(Hessian h, AdaRound.Options options, Workers workers) {
        return AdaRound.round(weights, h, grid, options, workers);
    }
}
