package dev.fewbit.core.level;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class LevelMappingTest {

    /** Exactly nearest, by differences in double, which are exact for floats so close in size. */
    private static int nearest(float value, LevelMapping mapping) {
        int best = 0;
        for (int code = 1; code < mapping.table().size(); code++) {
            double distance = Math.abs((double) mapping.dequantize(code) - value);
            double least = Math.abs((double) mapping.dequantize(best) - value);
            if (distance < least
                    || (distance == least && mapping.dequantize(code) < mapping.dequantize(best))) {
                best = code;
            }
        }
        return best;
    }

    @Test
    void codesAreThoseOfTheNearestValues() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            float[] levels = new float[1 << (1 + random.nextInt(8))];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = round % 2 == 0 ? random.nextInt(50) : (float) random.nextGaussian();
            }
            Arrays.sort(levels);
            float scale = (round % 3 == 0 ? -1 : 1) * (0.1f + random.nextFloat());
            LevelMapping mapping = new LevelMapping(LevelTable.of(levels), scale);
            for (int i = 0; i < 200; i++) {
                float value = (float) random.nextGaussian() * (round % 2 == 0 ? 40 : 2);
                assertNearest(value, mapping);
            }
            for (int code = 1; code < levels.length; code++) {
                float middle = (mapping.dequantize(code) + mapping.dequantize(code - 1)) / 2;
                assertNearest(middle, mapping);
                assertNearest(Math.nextUp(middle), mapping);
                assertNearest(Math.nextDown(middle), mapping);
            }
        }
    }

    private static void assertNearest(float value, LevelMapping mapping) {
        int code = mapping.quantize(value);
        assertThat(mapping.dequantize(code))
                .as("value %s", value)
                .isEqualTo(mapping.dequantize(nearest(value, mapping)));
    }

    @Test
    void tiesGoToTheSmallerValue() {
        LevelTable table = LevelTable.of(-1, 0, 1, 1);
        assertThat(new LevelMapping(table).quantize(0.5f)).isEqualTo(1);
        assertThat(new LevelMapping(table).quantize(-0.5f)).isZero();
        assertThat(new LevelMapping(table).quantize(1)).isEqualTo(2);
        LevelMapping negative = new LevelMapping(table, -2);
        assertThat(negative.quantize(1)).isEqualTo(1);
        assertThat(negative.quantize(-9)).isEqualTo(3);
        assertThat(negative.dequantize(3)).isEqualTo(-2);
    }

    @Test
    void valuesOfLevelsComeBack() {
        LevelTable table = LevelTable.of(-3, -1, 0, 5);
        LevelMapping mapping = new LevelMapping(table, 0.3f);
        byte[] codes = new byte[8];
        float[] values = {0, mapping.dequantize(3), 0, mapping.dequantize(1)};
        mapping.quantize(values, 1, 2, 2, codes, 2, 3);
        assertThat(codes).containsExactly(0, 0, 3, 0, 0, 1, 0, 0);
    }

    @Test
    void extremesSaturate() {
        LevelMapping mapping = new LevelMapping(LevelTable.of(-2, 1), 1e38f);
        assertThat(mapping.quantize(Float.MAX_VALUE)).isEqualTo(1);
        assertThat(mapping.quantize(-Float.MAX_VALUE)).isZero();
    }

    @Test
    void scalesAndTablesThatMakeNoSenseAreRefused() {
        LevelTable table = LevelTable.of(-2, 1);
        for (float scale : new float[] {0, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE}) {
            assertThatThrownBy(() -> new LevelMapping(table, scale))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LevelTable.of(1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 3");
        assertThatThrownBy(() -> LevelTable.of(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LevelTable.of(2, Float.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LevelTable.of(0.5f, 1).integers())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tablesAreValues() {
        assertThat(LevelTable.of(1, 2))
                .isEqualTo(LevelTable.of(1, 2))
                .hasToString("LevelTable[1.0, 2.0]");
        assertThat(LevelTable.of(1, 2)).isNotEqualTo(LevelTable.of(1, 3));
        assertThat(LevelTable.of(-128, 127).integers()).containsExactly(-128, 127);
        assertThat(LevelTable.of(-128, 128).integral()).isFalse();
    }
}
