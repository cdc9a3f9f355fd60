package dev.fewbit.core.level;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.PowersOfTwo.Base;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;

class ScaleSearchTest {

    private static double error(float[] values, float[] importance, LevelMapping mapping) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double error = (double) values[i] - mapping.dequantize(mapping.quantize(values[i]));
            sum += importance[i] * error * error;
        }
        return sum;
    }

    private static double bruteForce(float[] values, float[] importance, LevelTable table) {
        double extreme = 0;
        for (float value : values) {
            extreme = Math.max(extreme, Math.abs(value));
        }
        double best = Double.POSITIVE_INFINITY;
        for (int k = 0; k < 1500; k++) {
            float scale = (float) (extreme / table.extreme() * 0.1 * Math.pow(40, k / 1500.0));
            best = Math.min(best, error(values, importance, new LevelMapping(table, scale)));
            best = Math.min(best, error(values, importance, new LevelMapping(table, -scale)));
        }
        return best;
    }

    /** Over many small groups, whose errors are the most jagged, little of the optimum is lost. */
    @ParameterizedTest
    @EnumSource
    void smallGroupsAreNearTheirOptimum(Base base) {
        Random random = new Random(4);
        LevelTable table = LevelTable.of(new PowersOfTwo(4, base));
        ScaleSearch search = new ScaleSearch(table);
        double found = 0;
        double optimal = 0;
        for (int group = 0; group < 60; group++) {
            float[] values = new float[32];
            float[] importance = new float[32];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
                importance[i] = group % 2 == 0 ? 1 : random.nextFloat();
            }
            float scale = search.search(Points.of(values, importance, 0, 32, 1));
            found += error(values, importance, new LevelMapping(table, scale));
            optimal += bruteForce(values, importance, table);
        }
        assertThat(10 * Math.log10(found / optimal)).isLessThan(0.15);
    }

    @Test
    void theAdditionalLevelGoesWhereItIsNeeded() {
        LevelTable table = LevelTable.of(PowersOfTwo.of(4));
        float[] values = {128, 1, 2, -4, 8, -16, 32, -64};
        float scale = new ScaleSearch(table).search(Points.of(values, null, 0, 8, 1));
        assertThat(scale).isEqualTo(-1);
        float positive = new ScaleSearch(table, false).search(Points.of(values, null, 0, 8, 1));
        assertThat(positive).isPositive();
    }

    @Test
    void cornersHaveUsableScales() {
        LevelTable table = LevelTable.of(PowersOfTwo.of(3));
        ScaleSearch search = new ScaleSearch(table);
        assertThat(search.search(Points.of(new float[5], null, 0, 5, 1))).isEqualTo(1);
        assertThat(search.search(Points.of(new float[0], null, 0, 0, 1))).isEqualTo(1);
        for (float value : new float[] {Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1}) {
            float[] values = {value, value / 2, value};
            float scale = search.search(Points.of(values, null, 0, 3, 1));
            assertThat(Math.abs(scale)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
            LevelMapping mapping = new LevelMapping(table, scale);
            if (Math.abs(value) > 1e-30) {
                assertThat(mapping.dequantize(mapping.quantize(value)) / value)
                        .isBetween(0.99f, 1.01f);
            }
        }
        // A table of zeros.
        LevelTable zeros = LevelTable.of(new float[4]);
        assertThat(new ScaleSearch(zeros).search(Points.of(new float[] {1}, null, 0, 1, 1)))
                .isEqualTo(1);
    }
}
