package dev.fewbit.core.rounding.layer;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.layer.Formats.COLUMNS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.Problems;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.WeightedError;
import dev.fewbit.core.rounding.Workers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

class LayerRounderTest {
    private static final int ROWS = 20;
    private static final double DAMPING = 0.01;

    private final WeightMatrix weights = Problems.weights(ROWS, COLUMNS, 1);
    private final Hessian hessian = Problems.hessian(COLUMNS, 2);

    static Stream<LayerFormat> formats() {
        return Formats.all();
    }

    private static LayerRounder rounder(LayerFormat format) {
        return new LayerRounder(format, DAMPING, ALONE);
    }

    private static double error(WeightMatrix weights, RoundedMatrix rounded, Hessian hessian) {
        return WeightedError.of(weights, rounded, hessian.damped(DAMPING), ALONE);
    }

    private static boolean isIntegralCodebook(LayerFormat format) {
        return format.format() instanceof Codebook codebook && codebook.integral();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void eachWayIsBetterThanTheOneBefore(LayerFormat format) {
        LayerRounder rounder = rounder(format);
        double nearest = error(weights, rounder.nearest(weights, hessian), hessian);
        double gptq = error(weights, rounder.gptq(weights, hessian), hessian);
        double descent = error(weights, rounder.descent(weights, hessian), hessian);
        assertThat(gptq).isLessThan(nearest);
        assertThat(descent).isLessThan(gptq);
        assertThat(descent).isLessThan(0.7 * nearest);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void theResultIsInTheFormat(LayerFormat format) {
        for (RoundedMatrix rounded : all(rounder(format), weights, hessian)) {
            OnGrid.check(rounded, format);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void nearestIsNearest(LayerFormat format) {
        RoundedMatrix rounded = rounder(format).nearest(weights, hessian);
        assertThat(rounded.codes())
                .isEqualTo(RoundedMatrix.nearest(weights, rounded.grid()).codes());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void threadsChangeNothing(LayerFormat format) {
        List<RoundedMatrix> one =
                all(new LayerRounder(format, DAMPING, Workers.of(1)), weights, hessian);
        List<RoundedMatrix> four =
                all(new LayerRounder(format, DAMPING, Workers.of(4)), weights, hessian);
        for (int i = 0; i < one.size(); i++) {
            assertThat(four.get(i).codes()).isEqualTo(one.get(i).codes());
            assertThat(four.get(i).grid().scales()).isEqualTo(one.get(i).grid().scales());
            assertThat(four.get(i).dequantize()).isEqualTo(one.get(i).dequantize());
        }
    }

    /** Inputs that never were anything but zero: their weights are rounded to nearest. */
    @ParameterizedTest
    @MethodSource("formats")
    void deadInputsTakeNoPart(LayerFormat format) {
        List<Integer> dead = List.of(0, 7, 13, 39);
        double[] moments = new double[COLUMNS * COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                moments[i * COLUMNS + j] =
                        dead.contains(i) || dead.contains(j) ? 0 : hessian.get(i, j);
            }
        }
        Hessian some = Hessian.of(moments, COLUMNS);
        LayerRounder rounder = rounder(format);
        List<RoundedMatrix> all = all(rounder, weights, some);
        for (RoundedMatrix rounded : all) {
            OnGrid.check(rounded, format);
            if (isIntegralCodebook(format) && rounded.equals(all.get(1))) {
                // GPTQ's codes are for the table before it was rounded.
                continue;
            }
            for (int row = 0; row < ROWS; row++) {
                for (int column : dead) {
                    float target = weights.get(row, column);
                    byte nearest = rounded.grid().nearest(row, column, target);
                    assertThat(Math.abs(rounded.value(row, column) - target))
                            .isLessThanOrEqualTo(
                                    Math.abs(rounded.grid().value(row, column, nearest) - target));
                }
            }
        }
        assertThat(error(weights, all.get(2), some)).isLessThan(error(weights, all.get(0), some));
    }

    /** A channel that was never active: what is known without data is what counts. */
    @ParameterizedTest
    @MethodSource("formats")
    void deadLayersAreRoundedToNearest(LayerFormat format) {
        Hessian nothing = Hessian.ofDiagonal(new double[COLUMNS]);
        byte[] plain = rounder(format).nearest(weights, Hessian.identity(COLUMNS)).codes();
        for (RoundedMatrix rounded : all(rounder(format), weights, nothing)) {
            OnGrid.check(rounded, format);
            if (!isIntegralCodebook(format)) {
                assertThat(rounded.codes()).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void singleColumnsAndRowsAreMatricesToo(LayerFormat format) {
        WeightMatrix column = Problems.weights(ROWS, 1, 3);
        WeightMatrix row = Problems.weights(1, COLUMNS, 4);
        WeightMatrix single = Problems.weights(1, 1, 5);
        Hessian one = Problems.hessian(1, 6);
        for (RoundedMatrix rounded : all(rounder(format), column, one)) {
            OnGrid.check(rounded, format);
        }
        for (RoundedMatrix rounded : all(rounder(format), row, hessian)) {
            OnGrid.check(rounded, format);
        }
        for (RoundedMatrix rounded : all(rounder(format), single, one)) {
            OnGrid.check(rounded, format);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void zerosStayZero(LayerFormat format) {
        boolean hasZero = !(format.format() instanceof MidRise);
        float[] values = weights.toArray();
        Arrays.fill(values, 3 * COLUMNS, 5 * COLUMNS, 0f);
        WeightMatrix zeros = new WeightMatrix(new float[2 * COLUMNS], 2, COLUMNS);
        for (RoundedMatrix rounded : all(rounder(format), zeros, hessian)) {
            OnGrid.check(rounded, format);
            if (hasZero) {
                assertThat(rounded.dequantize()).containsOnly(0f);
            }
        }
        for (RoundedMatrix rounded :
                all(rounder(format), new WeightMatrix(values, ROWS, COLUMNS), hessian)) {
            OnGrid.check(rounded, format);
        }
    }

    /** A target that is on a grid already: GPTQ has no errors to make up for. */
    @Test
    void whatIsOnTheGridStays() {
        for (Affine affine : new Affine[] {new Affine(4, true, true), new Affine(8, true, true)}) {
            LayerFormat format = new LayerFormat(affine, 16, Scaling.FLOATS);
            float[] values = new float[ROWS * COLUMNS];
            for (int i = 0; i < values.length; i++) {
                int code = i % COLUMNS % 16 == 0 ? affine.qmin() : (i * 7) % (affine.qmax() + 1);
                values[i] = code * 0x1p-6f;
            }
            WeightMatrix onGrid = new WeightMatrix(values, ROWS, COLUMNS);
            for (RoundedMatrix rounded : all(rounder(format), onGrid, hessian)) {
                assertThat(rounded.dequantize()).isEqualTo(values);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void withoutDataTheSumOfErrorsIsNoLargerThanWithLeastSquares(LayerFormat format) {
        if (!(format.format() instanceof Affine) || format.scaling() != Scaling.FLOATS) {
            return;
        }
        double[] equal = new double[COLUMNS];
        Arrays.fill(equal, 1);
        RoundedMatrix robust = LayerRounder.robust(weights, format, ALONE);
        OnGrid.check(robust, format);
        RoundedMatrix squares =
                RoundedMatrix.nearest(weights, new GridFitting(format, ALONE).fit(weights, equal));
        // Values are floats, the search's are doubles.
        assertThat(magnitudes(robust)).isLessThanOrEqualTo(magnitudes(squares) * (1 + 1e-5));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void withoutDataThereAreScalesOfTwoLevelsToo(LayerFormat format) {
        BiFunction<LayerFormat, Workers, RoundedMatrix> robust =
                (wanted, workers) -> LayerRounder.robust(weights, wanted, workers);
        if (!(format.format() instanceof Affine) || format.scaling() == Scaling.SHARED) {
            assertThatThrownBy(() -> robust.apply(format, ALONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got " + format.format().label());
            return;
        }
        RoundedMatrix rounded = robust.apply(format, ALONE);
        OnGrid.check(rounded, format);
        assertThat(robust.apply(format, Workers.of(4)).dequantize())
                .isEqualTo(rounded.dequantize());
    }

    private double magnitudes(RoundedMatrix rounded) {
        double sum = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int c = 0; c < COLUMNS; c++) {
                sum += Math.abs((double) weights.get(row, c) - rounded.value(row, c));
            }
        }
        return sum;
    }

    /** What the tables lose by being integers is little beside what rounding to them loses. */
    @Test
    void integerTablesCostLittle() {
        for (int bits = 2; bits <= 4; bits++) {
            LayerFormat floats = new LayerFormat(new Codebook(bits), COLUMNS, Scaling.FLOATS);
            LayerFormat integers =
                    new LayerFormat(
                            new Codebook(bits, Codebook.Entries.INT8), COLUMNS, Scaling.FLOATS);
            double one = error(weights, rounder(floats).descent(weights, hessian), hessian);
            RoundedMatrix rounded = rounder(integers).descent(weights, hessian);
            double other = error(weights, rounded, hessian);
            assertThat(other).isLessThan(1.1 * one);
            assertThat(((LevelGrid) rounded.grid()).tables()[0]).containsAnyOf(-127f, 127f);
        }
    }

    @Test
    void sizesAreChecked() {
        LayerFormat format = new LayerFormat(new Affine(4, true, true), 16, Scaling.FLOATS);
        assertThatThrownBy(() -> rounder(format).gptq(weights, Hessian.identity(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("40 columns")
                .hasMessageContaining("for 3");
        assertThatThrownBy(() -> new LayerFormat(new Affine(4, true, true), 0, Scaling.FLOATS))
                .hasMessageContaining("got 0");
    }

    private static List<RoundedMatrix> all(
            LayerRounder rounder, WeightMatrix weights, Hessian hessian) {
        return List.of(
                rounder.nearest(weights, hessian),
                rounder.gptq(weights, hessian),
                rounder.descent(weights, hessian));
    }
}
