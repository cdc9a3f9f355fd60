package dev.fewbit.core.rounding.layer;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.layer.Formats.COLUMNS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.Problems;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.RoundingGrid;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.WeightedError;
import dev.fewbit.core.rounding.Workers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.stream.Stream;

class GridFittingTest {
    private static final int ROWS = 20;

    private final WeightMatrix weights = Problems.weights(ROWS, COLUMNS, 1);
    private final double[] importance = Problems.hessian(COLUMNS, 2).diagonal();

    static Stream<LayerFormat> all() {
        return Formats.all();
    }

    /** Formats whose groups know nothing of each other. */
    static Stream<LayerFormat> separate() {
        return Formats.all()
                .filter(format -> format.scaling() == Scaling.FLOATS)
                .filter(format -> !(format.format() instanceof Codebook));
    }

    private static RoundingGrid fit(LayerFormat format, WeightMatrix weights, double[] importance) {
        return new GridFitting(format, ALONE).fit(weights, importance);
    }

    @ParameterizedTest
    @MethodSource("separate")
    void aGroupGoesByItsOwnWeights(LayerFormat format) {
        RoundingGrid grid = fit(format, weights, importance);
        float[] changed = weights.toArray();
        // The second group of the fourth row, or the only one.
        int column = grid.groups() > 1 ? grid.groupSize() + 3 : 3;
        changed[3 * COLUMNS + column] = 5;
        RoundingGrid other = fit(format, new WeightMatrix(changed, ROWS, COLUMNS), importance);
        int group = 3 * grid.groups() + column / grid.groupSize();
        float[] expected = grid.scales();
        assertThat(other.scales()[group]).isNotEqualTo(expected[group]);
        expected[group] = other.scales()[group];
        assertThat(other.scales()).isEqualTo(expected);
        if (grid instanceof AffineGrid one && other instanceof AffineGrid another) {
            int[] zeroPoints = one.zeroPoints();
            zeroPoints[group] = another.zeroPoints()[group];
            assertThat(another.zeroPoints()).isEqualTo(zeroPoints);
        }
    }

    @ParameterizedTest
    @MethodSource("separate")
    void aRowIsFittedAsIfItWereAlone(LayerFormat format) {
        RoundingGrid grid = fit(format, weights, importance);
        for (int row = 0; row < ROWS; row++) {
            RoundingGrid alone = fit(format, weights.part(row, row + 1), importance);
            assertThat(alone.scales()).isEqualTo(grid.part(row, row + 1).scales());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theGridIsOneOfTheFormat(LayerFormat format) {
        if (format.format() instanceof Codebook codebook && codebook.integral()) {
            // Tables are rounded when the codes are known.
            return;
        }
        OnGrid.check(RoundedMatrix.nearest(weights, fit(format, weights, importance)), format);
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsInTheFormatStays(LayerFormat format) {
        GridFitting fitting = new GridFitting(format, ALONE);
        RoundingGrid grid = fitting.inFormat(fitting.fit(weights, importance));
        assertThat(fitting.inFormat(grid).scales()).isEqualTo(grid.scales());
    }

    /** The costs in another unit are the same costs. */
    @ParameterizedTest
    @MethodSource("all")
    void onlyRelativeCostsCount(LayerFormat format) {
        double[] tiny = Arrays.stream(importance).map(each -> each * 0x1p-200).toArray();
        RoundingGrid grid = fit(format, weights, importance);
        RoundingGrid other = fit(format, weights, tiny);
        assertThat(other.scales()).isEqualTo(grid.scales());
        if (grid instanceof LevelGrid one && other instanceof LevelGrid another) {
            assertThat(another.tables()).isDeepEqualTo(one.tables());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void costsOfNothingAreEqualCosts(LayerFormat format) {
        double[] ones = new double[COLUMNS];
        Arrays.fill(ones, 1);
        RoundedMatrix rounded =
                RoundedMatrix.nearest(weights, fit(format, weights, new double[COLUMNS]));
        assertThat(rounded.dequantize())
                .isEqualTo(RoundedMatrix.nearest(weights, fit(format, weights, ones)).dequantize());
    }

    /** What is fitted to costs has less of them than what is fitted to none. */
    @ParameterizedTest
    @MethodSource("all")
    void costsCount(LayerFormat format) {
        if (format.format().bits() > 4) {
            // So dense that the luck of single weights decides.
            return;
        }
        double[] ones = new double[COLUMNS];
        Arrays.fill(ones, 1);
        double[] steep = new double[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            steep[i] = i % 4 == 0 ? 1 : 1e-3;
        }
        Hessian costs = Hessian.ofDiagonal(steep);
        RoundedMatrix fitted = RoundedMatrix.nearest(weights, fit(format, weights, steep));
        RoundedMatrix plain = RoundedMatrix.nearest(weights, fit(format, weights, ones));
        assertThat(WeightedError.of(weights, fitted, costs, ALONE))
                .isLessThan(WeightedError.of(weights, plain, costs, ALONE));
    }

    @ParameterizedTest
    @MethodSource("all")
    void threadsChangeNothing(LayerFormat format) {
        RoundingGrid grid = fit(format, weights, importance);
        RoundingGrid other = new GridFitting(format, Workers.of(4)).fit(weights, importance);
        assertThat(other.scales()).isEqualTo(grid.scales());
    }

    @Test
    void groupsAreNotLongerThanRows() {
        LayerFormat format = new LayerFormat(new Affine(4, true, true), 4096, Scaling.FLOATS);
        assertThat(fit(format, weights, importance).groupSize()).isEqualTo(COLUMNS);
    }
}
