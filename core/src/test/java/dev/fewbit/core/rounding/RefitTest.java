package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT3;
import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

class RefitTest {

    private static final int COLUMNS = 96;

    private final WeightMatrix weights = Problems.weights(40, COLUMNS, 1);
    private final Hessian hessian = Problems.hessian(COLUMNS, 2);

    @ParameterizedTest
    @ValueSource(ints = {20, 32, 96})
    void noOtherScalesAreBetter(int groupSize) {
        RoundedMatrix start =
                RoundedMatrix.nearest(weights, Problems.grid(weights, INT3, groupSize));
        RoundedMatrix refit = ScaleRefit.refit(weights, hessian, start, Workers.of(2));
        assertThat(refit.codes()).isEqualTo(start.codes());
        double[] before = errors(start);
        double[] after = errors(refit);
        assertThat(error(refit)).isLessThan(0.99 * error(start));
        float[] scales = refit.grid().scales();
        int groups = refit.grid().groups();
        for (int row = 0; row < 40; row++) {
            assertThat(after[row]).isLessThanOrEqualTo(before[row]);
            for (int g = 0; g < groups; g++) {
                for (float factor : new float[] {0.99f, 1.01f}) {
                    float[] others = scales.clone();
                    others[row * groups + g] *= factor;
                    RoundedMatrix other =
                            new RoundedMatrix(refit.grid().withScales(others), refit.codes());
                    assertThat(errors(other)[row]).isGreaterThan(after[row] * (1 - 1e-6));
                }
            }
        }
        assertThat(ScaleRefit.refit(weights, hessian, start, ALONE).grid().scales())
                .isEqualTo(scales);
    }

    @Test
    void oneGroupHasTheClosedForm() {
        RoundedMatrix start = RoundedMatrix.nearest(weights, Problems.grid(weights, INT4, COLUMNS));
        RoundedMatrix refit = ScaleRefit.refit(weights, hessian, start, ALONE);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < COLUMNS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double level = start.code(5, i);
                products += level * hessian.get(i, j) * weights.get(5, j);
                squares += level * hessian.get(i, j) * start.code(5, j);
            }
        }
        double expected = products / squares;
        assertThat(refit.grid().scale(5, 0)).isCloseTo((float) expected, within(1e-6f));
    }

    @Test
    void oneScaleForAllIsFittedToAll() {
        float[] scales = new float[40 * 3];
        Arrays.fill(scales, 0.03f);
        AffineGrid grid = new AffineGrid(40, COLUMNS, 32, INT3, scales, new int[scales.length]);
        RoundedMatrix start = RoundedMatrix.nearest(weights, grid);
        RoundedMatrix refit = ScaleRefit.refitTogether(weights, hessian, start, Workers.of(3));
        float scale = refit.grid().scale(0, 0);
        assertThat(refit.grid().scales()).containsOnly(scale);
        for (float factor : new float[] {0.99f, 1, 1.01f}) {
            Arrays.fill(scales, scale * factor);
            RoundedMatrix other = new RoundedMatrix(grid.withScales(scales), start.codes());
            assertThat(error(other)).isGreaterThanOrEqualTo(error(refit));
        }
        assertThatThrownBy(
                        () ->
                                ScaleRefit.refitTogether(
                                        weights,
                                        hessian,
                                        RoundedMatrix.nearest(
                                                weights, Problems.grid(weights, INT3, 32)),
                                        ALONE))
                .hasMessageContaining("one scale");
    }

    @Test
    void alternatingScalesAndCodesLowersTheError() {
        AffineGrid grid = Problems.grid(weights, INT3, 32);
        RoundedMatrix gptq = Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
        double last = error(gptq);
        for (int rounds = 1; rounds < 4; rounds++) {
            RoundedMatrix end = ScaleRefit.alternate(weights, hessian, gptq, rounds, 2, ALONE);
            assertThat(error(end)).isLessThanOrEqualTo(last * (1 + 1e-6));
            last = error(end);
        }
        RoundedMatrix descent = CoordinateDescent.improve(weights, hessian, gptq, 20, ALONE);
        assertThat(last).isLessThan(0.97 * error(descent));
    }

    @Test
    void groupsWithoutAnyLevelKeepTheirScale() {
        AffineGrid grid = Problems.grid(weights, INT3, 32);
        RoundedMatrix zeros = new RoundedMatrix(grid, new byte[40 * COLUMNS]);
        assertThat(ScaleRefit.refit(weights, hessian, zeros, ALONE).grid().scales())
                .isEqualTo(grid.scales());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 40})
    void noOtherLevelsAreBetter(int rowsPerTable) {
        float[][] tables = new float[Math.ceilDiv(40, rowsPerTable)][];
        for (int t = 0; t < tables.length; t++) {
            tables[t] = new float[] {-0.1f, -0.04f, 0, 0.02f, 0.05f, 0.09f, 5};
        }
        float[] scales = new float[40 * 2];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 1 + i % 3 * 0.25f;
        }
        LevelGrid grid = new LevelGrid(40, COLUMNS, 48, tables, rowsPerTable, scales);
        RoundedMatrix start = RoundedMatrix.nearest(weights, grid);
        RoundedMatrix refit = CodebookRefit.refit(weights, hessian, start, Workers.of(2));
        LevelGrid fitted = (LevelGrid) refit.grid();
        double least = error(refit);
        assertThat(least).isLessThan(error(start));
        for (int t = 0; t < tables.length; t++) {
            float[] table = fitted.tables()[t];
            assertThat(table).isSorted();
            // The level that no weight has is where it was.
            assertThat(table[6]).isEqualTo(5);
            for (int k = 0; k < 6; k++) {
                for (float change : new float[] {-1e-3f, 1e-3f}) {
                    float[][] others = fitted.tables();
                    others[t][k] += change;
                    Arrays.sort(others[t]);
                    RoundedMatrix other =
                            new RoundedMatrix(fitted.withTables(others), refit.codes());
                    assertThat(error(other)).isGreaterThanOrEqualTo(least);
                }
            }
        }
        assertThat(
                        ((LevelGrid) CodebookRefit.refit(weights, hessian, start, ALONE).grid())
                                .tables())
                .isDeepEqualTo(fitted.tables());
    }

    @Test
    void alternatingLevelsAndCodesLowersTheError() {
        float[] table = {-0.12f, -0.08f, -0.04f, -0.01f, 0.01f, 0.04f, 0.08f, 0.12f};
        LevelGrid grid = LevelGrid.codebook(40, COLUMNS, table);
        RoundedMatrix start = Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
        double last = error(start);
        for (int rounds = 1; rounds < 5; rounds++) {
            RoundedMatrix end = CodebookRefit.alternate(weights, hessian, start, rounds, 2, ALONE);
            assertThat(error(end)).isLessThanOrEqualTo(last * (1 + 1e-6));
            last = error(end);
        }
        RoundedMatrix descent = CoordinateDescent.improve(weights, hessian, start, 20, ALONE);
        assertThat(last).isLessThan(0.98 * error(descent));
    }

    /** A level may pass another; the codes follow. */
    @Test
    void levelsStayAscending() {
        WeightMatrix row = new WeightMatrix(new float[] {1, 1, 2, 2}, 1, 4);
        LevelGrid grid = LevelGrid.codebook(1, 4, new float[] {0, 3});
        RoundedMatrix crossed = new RoundedMatrix(grid, new byte[] {1, 1, 0, 0});
        RoundedMatrix refit = CodebookRefit.refit(row, Hessian.identity(4), crossed, ALONE);
        assertThat(refit.codes()).containsExactly(0, 0, 1, 1);
        assertThat(refit.dequantize()).containsExactly(new float[] {1, 1, 2, 2}, within(1e-5f));
    }

    @Test
    void evenlySpacedLevelsAreNoCodebook() {
        RoundedMatrix start = RoundedMatrix.nearest(weights, Problems.grid(weights, INT3, 32));
        assertThatThrownBy(() -> CodebookRefit.refit(weights, hessian, start, ALONE))
                .hasMessageContaining("ScaleRefit");
    }

    private double error(RoundedMatrix rounded) {
        return WeightedError.of(weights, rounded, hessian, ALONE);
    }

    private double[] errors(RoundedMatrix rounded) {
        return WeightedError.ofRows(weights, rounded.toWeights(), hessian, ALONE);
    }
}
