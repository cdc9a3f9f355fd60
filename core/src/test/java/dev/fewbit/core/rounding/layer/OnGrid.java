package dev.fewbit.core.rounding.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.RoundingGrid;

/** Checks that rounded weights are what a format can have. */
final class OnGrid {
    private OnGrid() {}

    static void check(RoundedMatrix rounded, LayerFormat format) {
        RoundingGrid grid = rounded.grid();
        checkScales(grid, format);
        switch (format.format()) {
            case Affine affine -> checkAffine(rounded, (AffineGrid) grid, affine);
            case MidRise midRise -> {
                byte[] integers = midRise.integerLevels();
                float[][] tables = ((LevelGrid) grid).tables();
                assertThat(tables).hasNumberOfRows(1);
                assertThat(tables[0]).hasSize(integers.length);
                for (int i = 0; i < integers.length; i++) {
                    assertThat(tables[0][i]).isEqualTo(integers[i]);
                }
            }
            case PowersOfTwo powers ->
                    assertThat(((LevelGrid) grid).tables())
                            .isDeepEqualTo(new float[][] {powers.levels()});
            case Codebook codebook -> checkTables((LevelGrid) grid, format, codebook);
        }
        int levels =
                format.format() instanceof Affine affine
                        ? affine.levels()
                        : 1 << format.format().bits();
        for (int row = 0; row < grid.rows(); row++) {
            for (int c = 0; c < grid.columns(); c++) {
                byte code = rounded.code(row, c);
                if (!(grid instanceof AffineGrid)) {
                    assertThat(code & 0xFF).isLessThan(levels);
                }
                float level = (float) grid.level(row, c, code);
                float scale = grid.scale(row, c / grid.groupSize());
                assertThat(rounded.value(row, c)).isEqualTo(level * scale);
            }
        }
    }

    private static void checkScales(RoundingGrid grid, LayerFormat format) {
        float[] scales = grid.scales();
        for (float scale : scales) {
            assertThat(scale).isBetween(Float.MIN_NORMAL, Float.MAX_VALUE);
        }
        switch (format.scaling()) {
            case FLOATS -> {}
            case SHARED -> {
                for (float scale : scales) {
                    assertThat(scale).isEqualTo(scales[0]);
                }
                if (!format.hasScales()) {
                    assertThat(scales[0]).isEqualTo(1);
                }
            }
            case TWO_LEVELS -> {
                GroupGeometry rows =
                        new GroupGeometry(grid.rows(), grid.columns(), 1, grid.groupSize());
                assertThat(TwoLevelScales.of(scales, rows).scales()).isEqualTo(scales);
            }
        }
        int expected =
                format.scaling() == Scaling.SHARED
                        ? grid.columns()
                        : Math.min(format.groupSize(), grid.columns());
        assertThat(grid.groupSize()).isEqualTo(expected);
    }

    private static void checkAffine(RoundedMatrix rounded, AffineGrid grid, Affine format) {
        assertThat(grid.format()).isEqualTo(format);
        for (byte code : rounded.codes()) {
            assertThat(format.signed() ? code : code & 0xFF)
                    .isBetween(format.qmin(), format.qmax());
        }
        for (int zeroPoint : grid.zeroPoints()) {
            if (format.symmetric()) {
                assertThat(zeroPoint).isEqualTo(format.middle());
            }
            assertThat(zeroPoint).isBetween(format.qmin(), format.qmax());
        }
    }

    private static void checkTables(LevelGrid grid, LayerFormat format, Codebook codebook) {
        for (float[] table : grid.tables()) {
            assertThat(table).hasSize(codebook.levelCount());
            for (float level : table) {
                if (codebook.integral()) {
                    assertThat(level).isEqualTo((float) Math.rint(level)).isBetween(-128f, 127f);
                }
            }
        }
        boolean one = format.scaling() == Scaling.SHARED && codebook.integral();
        assertThat(grid.rowsPerTable())
                .isEqualTo(one ? grid.rows() : Math.min(grid.rows(), format.rowsPerTable()));
    }
}
