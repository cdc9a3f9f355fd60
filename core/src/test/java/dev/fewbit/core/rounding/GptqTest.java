package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT3;
import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GptqTest {

    @ParameterizedTest
    @CsvSource({"false, 8", "true, 8", "false, 40", "true, 40"})
    void itDoesWhatTheTextbookDoes(boolean descending, int groupSize) {
        WeightMatrix weights = Problems.weights(7, 40, 1);
        Hessian hessian = Problems.hessian(40, 2);
        AffineGrid grid = Problems.grid(weights, INT4, groupSize);
        RoundedMatrix rounded =
                Gptq.round(weights, hessian, grid, new GptqOptions(0.01, descending), ALONE);
        int[] order = descending ? ColumnOrder.descending(hessian) : ColumnOrder.natural(hessian);
        byte[] expected = TextbookGptq.round(weights, hessian.damped(0.01), grid, order);
        assertThat(rounded.codes()).isEqualTo(expected);
        assertThat(rounded.codes()).isNotEqualTo(RoundedMatrix.nearest(weights, grid).codes());
    }

    @Test
    void blocksAreAsGoodAsSingleColumns() {
        WeightMatrix weights = Problems.weights(3, 300, 1);
        Hessian hessian = Problems.hessian(300, 2);
        AffineGrid grid = Problems.grid(weights, INT4, 64);
        RoundedMatrix rounded = Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
        byte[] expected =
                TextbookGptq.round(
                        weights, hessian.damped(0.01), grid, ColumnOrder.natural(hessian));
        assertThat(rounded.codes()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"3, false", "4, false", "3, true", "4, true", "8, false"})
    void theErrorIsFarBelowThatOfNearestRounding(int bits, boolean descending) {
        WeightMatrix weights = Problems.weights(48, 96, 5);
        Hessian hessian = Problems.hessian(96, 6);
        AffineGrid grid = Problems.grid(weights, new Affine(bits, false, false), 32);
        double nearest = error(weights, RoundedMatrix.nearest(weights, grid), hessian);
        RoundedMatrix rounded =
                Gptq.round(weights, hessian, grid, new GptqOptions(0.01, descending), ALONE);
        assertThat(error(weights, rounded, hessian)).isLessThan(0.6 * nearest);
        for (int row = 0; row < 48; row++) {
            for (int c = 0; c < 96; c++) {
                float value = rounded.value(row, c);
                assertThat(grid.value(row, c, grid.nearest(row, c, value))).isEqualTo(value);
            }
        }
    }

    @Test
    void levelsOfAnyKindServe() {
        WeightMatrix weights = Problems.weights(40, 64, 7);
        Hessian hessian = Problems.hessian(64, 8);
        RoundingGrid grid = GridFit.levels(Problems.powersOfTwo(), 16).fit(weights);
        RoundedMatrix nearest = RoundedMatrix.nearest(weights, grid);
        RoundedMatrix rounded = Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
        assertThat(error(weights, rounded, hessian))
                .isLessThan(0.7 * error(weights, nearest, hessian));
    }

    @Test
    void inputsThatHaveNothingToDoWithEachOtherLeaveNearestRounding() {
        WeightMatrix weights = Problems.weights(5, 200, 9);
        double[] diagonal = new double[200];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = i % 9 == 0 ? 0 : 1 + i;
        }
        AffineGrid grid = Problems.grid(weights, INT3, 50);
        byte[] nearest = RoundedMatrix.nearest(weights, grid).codes();
        Hessian hessian = Hessian.ofDiagonal(diagonal);
        for (GptqOptions options :
                new GptqOptions[] {GptqOptions.standard(), GptqOptions.largestFirst()}) {
            assertThat(Gptq.round(weights, hessian, grid, options, ALONE).codes())
                    .isEqualTo(nearest);
        }
    }

    @ParameterizedTest
    @CsvSource({"16", "48", "128", "200", "1000"})
    void levelsCanBeFittedOnTheWay(int groupSize) {
        WeightMatrix weights = Problems.weights(40, 320, 11);
        Hessian hessian = Problems.hessian(320, 12);
        GridFit fit = GridFit.affine(INT3, groupSize, new LeastSquares());
        RoundedMatrix before =
                Gptq.round(weights, hessian, fit.fit(weights), GptqOptions.standard(), ALONE);
        RoundedMatrix found =
                Gptq.round(weights, hessian, fit, groupSize, GptqOptions.standard(), ALONE);
        assertThat(found.grid().groupSize()).isEqualTo(groupSize);
        // The first group has not moved yet, the others have.
        assertThat(found.grid().scale(39, 0)).isEqualTo(before.grid().scale(39, 0));
        RoundedMatrix nearest = RoundedMatrix.nearest(weights, fit.fit(weights));
        assertThat(error(weights, found, hessian))
                .isLessThan(0.7 * error(weights, nearest, hessian));
        // Given the grid that was found, the same codes come out.
        assertThat(
                        Gptq.round(weights, hessian, found.grid(), GptqOptions.standard(), ALONE)
                                .codes())
                .isEqualTo(found.codes());
    }

    @Test
    void theCodesDoNotDependOnTheThreads() {
        WeightMatrix weights = Problems.weights(150, 260, 13);
        Hessian hessian = Problems.hessian(260, 14);
        AffineGrid grid = Problems.grid(weights, INT4, 32);
        GridFit fit = GridFit.affine(INT4, 32, new MinMax());
        GptqOptions options = GptqOptions.standard();
        byte[] expected = Gptq.round(weights, hessian, grid, options, ALONE).codes();
        RoundedMatrix expectedFit = Gptq.round(weights, hessian, fit, 32, options, ALONE);
        for (int threads = 2; threads < 5; threads++) {
            Workers workers = Workers.of(threads);
            assertThat(Gptq.round(weights, hessian, grid, options, workers).codes())
                    .isEqualTo(expected);
            RoundedMatrix again = Gptq.round(weights, hessian, fit, 32, options, workers);
            assertThat(again.codes()).isEqualTo(expectedFit.codes());
            assertThat(again.grid().scales()).isEqualTo(expectedFit.grid().scales());
        }
    }

    @Test
    void singularMomentsAreDampedAsMuchAsTheyNeed() {
        WeightMatrix weights = Problems.weights(4, 64, 15);
        GramMatrix gram = new GramMatrix(64);
        gram.add(Problems.inputs(3, 64, 16), 0, 3, ALONE);
        Hessian hessian = gram.hessian();
        AffineGrid grid = Problems.grid(weights, INT4, 64);
        RoundedMatrix rounded =
                Gptq.round(weights, hessian, grid, new GptqOptions(0, false), ALONE);
        assertThat(error(weights, rounded, hessian))
                .isLessThan(error(weights, RoundedMatrix.nearest(weights, grid), hessian));
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        WeightMatrix weights = Problems.weights(4, 8, 1);
        AffineGrid grid = Problems.grid(weights, INT4, 8);
        assertThatThrownBy(
                        () ->
                                Gptq.round(
                                        weights,
                                        Hessian.identity(9),
                                        grid,
                                        GptqOptions.standard(),
                                        ALONE))
                .hasMessageContaining("8 columns")
                .hasMessageContaining("9");
        Hessian indefinite = Hessian.of(new double[] {1, 20, 20, 1}, 2);
        WeightMatrix two = Problems.weights(1, 2, 1);
        assertThatThrownBy(
                        () ->
                                Gptq.round(
                                        two,
                                        indefinite,
                                        Problems.grid(two, INT4, 2),
                                        GptqOptions.standard(),
                                        ALONE))
                .hasMessageContaining("not positive semidefinite");
        GridFit fit = GridFit.affine(INT4, 8, new MinMax());
        assertThatThrownBy(
                        () ->
                                Gptq.round(
                                        weights,
                                        Hessian.identity(8),
                                        fit,
                                        8,
                                        GptqOptions.largestFirst(),
                                        ALONE))
                .hasMessageContaining("in the order of the columns");
    }

    private static double error(WeightMatrix weights, RoundedMatrix rounded, Hessian hessian) {
        return WeightedError.of(weights, rounded, hessian, ALONE);
    }
}
