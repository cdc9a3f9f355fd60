package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.quantize.AffineQuantizer;
import dev.fewbit.core.quantize.NonFiniteValueException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

class RoundingGridTest {

    private static final int ROWS = 6;
    private static final int COLUMNS = 50;

    static Stream<RoundingGrid> grids() {
        WeightMatrix weights = Problems.weights(ROWS, COLUMNS, 1);
        float[][] tables = {{-3, -1, 0.5f}, {0, 1, 2, 4}, {1, 1, 2}};
        float[] scales = new float[ROWS * 3];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.01f * (1 + i);
        }
        return Stream.of(
                Problems.grid(weights, INT4, 20),
                Problems.grid(weights, new Affine(8, false, false), 1000),
                Problems.grid(weights, new Affine(1, true, true), 1),
                GridFit.levels(Problems.powersOfTwo(), 20).fit(weights),
                new LevelGrid(ROWS, COLUMNS, 20, tables, 2, scales));
    }

    /** All codes of a weight's grid, in the order of their values. */
    private static byte[] codes(RoundingGrid grid, int row, int column) {
        byte[] codes = new byte[256];
        codes[0] = grid.below(row, column, -1e6);
        int count = 1;
        for (byte next = grid.above(row, column, codes[0]);
                next != codes[count - 1];
                next = grid.above(row, column, next)) {
            codes[count++] = next;
        }
        return Arrays.copyOf(codes, count);
    }

    @ParameterizedTest
    @MethodSource("grids")
    void nearestAndNeighboursAreThoseOfASearchThroughAllValues(RoundingGrid grid) {
        Random random = new Random(2);
        for (int trial = 0; trial < 3000; trial++) {
            int row = random.nextInt(ROWS);
            int column = random.nextInt(COLUMNS);
            double weight = 0.2 * random.nextGaussian();
            byte[] codes = codes(grid, row, column);
            double least = Double.POSITIVE_INFINITY;
            double below = grid.value(row, column, codes[0]);
            double last = Double.NEGATIVE_INFINITY;
            for (byte code : codes) {
                double value = grid.value(row, column, code);
                assertThat(value).isGreaterThanOrEqualTo(last);
                last = value;
                least = Math.min(least, Math.abs(value - weight));
                below = value <= weight ? value : below;
                assertThat((double) (float) grid.level(row, column, code))
                        .isEqualTo(grid.level(row, column, code));
                assertThat(
                                (float) grid.level(row, column, code)
                                        * grid.scale(row, column / grid.groupSize()))
                        .isEqualTo((float) value);
            }
            double nearest = grid.value(row, column, grid.nearest(row, column, weight));
            assertThat(Math.abs(nearest - weight)).isLessThanOrEqualTo(least * (1 + 1e-6));
            assertThat((double) grid.value(row, column, grid.below(row, column, weight)))
                    .isEqualTo(below);
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void partsHaveTheValuesOfTheWhole(RoundingGrid grid) {
        WeightMatrix weights = Problems.weights(ROWS, COLUMNS, 3);
        float[] whole = RoundedMatrix.nearest(weights, grid).dequantize();
        float[] part = RoundedMatrix.nearest(weights.part(2, 5), grid.part(2, 5)).dequantize();
        assertThat(part).isEqualTo(Arrays.copyOfRange(whole, 100, 250));
        assertThat(grid.part(1, 2).scales())
                .isEqualTo(Arrays.copyOfRange(grid.scales(), grid.groups(), 2 * grid.groups()));
    }

    @Test
    void affineCodesAreThoseOfTheQuantizer() {
        WeightMatrix weights = Problems.weights(ROWS, COLUMNS, 4);
        for (Affine format : new Affine[] {INT4, new Affine(3, false, false)}) {
            AffineGrid grid = AffineGrid.fit(weights, format, 16, new LeastSquares());
            assertThat(RoundedMatrix.nearest(weights, grid).dequantize())
                    .isEqualTo(
                            AffineQuantizer.quantize(
                                            weights.toArray(),
                                            new long[] {ROWS, COLUMNS},
                                            format,
                                            new PerBlock(1, 16),
                                            new LeastSquares())
                                    .dequantize());
        }
    }

    /** Gaussian weights on powers of two of 4 bits cannot come closer than 14.23 dB. */
    @Test
    void scalesOfLevelsAreFitted() {
        float[] table = new float[16];
        for (int i = 0; i < 8; i++) {
            table[15 - i] = (float) Math.scalb(1.0, -i);
            table[i] = -table[15 - i];
        }
        float[] sixteen = table.clone();
        // Zero takes the place of the smallest negative level.
        sixteen[7] = 0;
        WeightMatrix weights = Problems.weights(1, 200_000, 5);
        RoundedMatrix rounded =
                RoundedMatrix.nearest(weights, GridFit.levels(sixteen, 200_000).fit(weights));
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < 200_000; i++) {
            double error = rounded.value(0, i) - weights.get(0, i);
            errors += error * error;
            squares += (double) weights.get(0, i) * weights.get(0, i);
        }
        assertThat(10 * Math.log10(squares / errors)).isBetween(14.2, 14.3);
    }

    @Test
    void weightsAreSeenAsOutputsByInputs() {
        WeightMatrix turned = WeightMatrix.transposed(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(turned.toArray()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(turned.part(1, 3).get(1, 0)).isEqualTo(3);
        assertThat(turned.timesColumns(new float[] {2, 0.5f}).toArray())
                .containsExactly(2, 2, 4, 2.5f, 6, 3);
        assertThatThrownBy(() -> new WeightMatrix(new float[] {1, Float.NaN}, 1, 2))
                .isInstanceOf(NonFiniteValueException.class);
        assertThatThrownBy(() -> new WeightMatrix(new float[3], 1, 2))
                .hasMessageContaining("1 x 2");
        assertThatThrownBy(() -> turned.part(2, 4)).hasMessageContaining("2 to 4");
    }

    @Test
    void impossibleGridsAreRefused() {
        float[] one = {1};
        assertThatThrownBy(
                        () -> new AffineGrid(1, 4, 4, new Affine(9, true, true), one, new int[1]))
                .hasMessageContaining("int9");
        assertThatThrownBy(() -> new AffineGrid(1, 4, 4, INT4, one, new int[] {8}))
                .hasMessageContaining("got 8");
        assertThatThrownBy(() -> new AffineGrid(1, 4, 2, INT4, one, new int[1]))
                .hasMessageContaining("2 groups");
        assertThatThrownBy(() -> new AffineGrid(1, 4, 4, INT4, new float[] {0}, new int[1]))
                .hasMessageContaining("got 0.0");
        assertThatThrownBy(() -> LevelGrid.codebook(1, 4, new float[] {2, 1}))
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> LevelGrid.codebook(1, 4, new float[0]))
                .hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> GridFit.levels(new float[] {0}, 4))
                .hasMessageContaining("not zero");
        assertThatThrownBy(() -> grids().toList().get(4).part(1, 4))
                .hasMessageContaining("another's");
    }
}
