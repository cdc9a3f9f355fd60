package dev.fewbit.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.CodebookSharing.ChannelGroups;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.format.PowersOfTwo.Base;

import org.junit.jupiter.api.Test;

class LevelFormatsTest {

    @Test
    void powersOfTwoUseAllCodes() {
        assertThat(PowersOfTwo.of(2).levels()).containsExactly(-2, -1, 0, 2);
        assertThat(PowersOfTwo.of(3).levels()).containsExactly(-8, -4, -2, -1, 0, 2, 4, 8);
        assertThat(PowersOfTwo.of(4).levels())
                .containsExactly(-128, -64, -32, -16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16, 32, 64);
        for (Base base : Base.values()) {
            for (int bits = 2; bits <= 6; bits++) {
                if (allowed(bits, base)) {
                    checkLevels(new PowersOfTwo(bits, base));
                }
            }
        }
    }

    private static boolean allowed(int bits, Base base) {
        return switch (base) {
            case TWO -> bits <= 4;
            case ROOT_OF_TWO -> bits <= 5;
            case ADDITIVE -> bits >= 4;
        };
    }

    private static void checkLevels(PowersOfTwo format) {
        float[] levels = format.levels();
        int zero = levels.length / 2;
        assertThat(levels).as(format.label()).hasSize(1 << format.bits()).contains(0f);
        assertThat(levels[zero]).isZero();
        for (int i = 1; i < levels.length; i++) {
            assertThat(levels[i]).isGreaterThan(levels[i - 1]);
        }
        for (int i = zero + 1; i < levels.length; i++) {
            assertThat(levels).as("mirrored %s", levels[i]).contains(-levels[i]);
        }
    }

    @Test
    void rootsOfTwoAreHalfAnOctaveApart() {
        float[] levels = new PowersOfTwo(4, Base.ROOT_OF_TWO).levels();
        for (int i = 10; i < levels.length; i++) {
            assertThat(levels[i] / levels[i - 1]).isCloseTo((float) Math.sqrt(2), within(1e-6f));
        }
    }

    @Test
    void sumsHaveFewTerms() {
        assertThat(new PowersOfTwo(4, Base.ADDITIVE).levels())
                .containsExactly(-12, -10, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 10);
        for (float level : PowersOfTwo.of(5).levels()) {
            assertThat(Integer.bitCount((int) Math.abs(level))).isLessThanOrEqualTo(2);
        }
        for (float level : PowersOfTwo.of(6).levels()) {
            assertThat(Integer.bitCount((int) Math.abs(level))).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void integerLevelsAreTheLevels() {
        for (int bits = 2; bits <= 6; bits++) {
            PowersOfTwo format = PowersOfTwo.of(bits);
            byte[] integers = format.integerLevels().orElseThrow();
            float[] levels = format.levels();
            for (int i = 0; i < levels.length; i++) {
                assertThat((float) integers[i]).isEqualTo(levels[i]);
            }
            assertThat(format.integral()).isTrue();
        }
        PowersOfTwo roots = new PowersOfTwo(4, Base.ROOT_OF_TWO);
        assertThat(roots.integral()).isFalse();
        assertThat(roots.integerLevels()).isEmpty();
    }

    @Test
    void widthsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new PowersOfTwo(5, Base.TWO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TWO has codes of 2 to 4 bits, got 5");
        assertThatThrownBy(() -> PowersOfTwo.of(7)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Codebook(9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Codebook(8, Entries.INT8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 7 bits, got 8");
        assertThatThrownBy(() -> new ChannelGroups(-1, 4))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsTellFormatsApart() {
        assertThat(PowersOfTwo.of(4).label()).isEqualTo("pow2-4");
        assertThat(PowersOfTwo.of(5).label()).isEqualTo("apot-5");
        assertThat(new PowersOfTwo(4, Base.ROOT_OF_TWO).label()).isEqualTo("root2-4");
        assertThat(new MidRise(2).label()).isEqualTo("mid-rise-2");
        assertThat(new Codebook(3).label()).isEqualTo("codebook-3");
        assertThat(new Codebook(3, Entries.INT8).label()).isEqualTo("codebook-3-int8");
    }

    @Test
    void midRiseLevelsAreOddIntegersAroundZero() {
        assertThat(new MidRise(1).integerLevels()).containsExactly(-1, 1);
        assertThat(new MidRise(2).integerLevels()).containsExactly(-3, -1, 1, 3);
        byte[] widest = new MidRise(7).integerLevels();
        assertThat(widest[0]).isEqualTo((byte) -127);
        assertThat(widest[127]).isEqualTo((byte) 127);
        assertThatThrownBy(() -> new MidRise(8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 7 bits, got 8");
    }

    @Test
    void tablesCostLittleOfWhatCodesCost() {
        Codebook format = new Codebook(4);
        long[] shape = {384, 1536};
        CodebookSharing sharing = CodebookSharing.bySize(shape, 1, format);
        // 64 * 512 bits / 4 bits = 8192 weights a table, 384 in a column.
        assertThat(sharing).isEqualTo(new ChannelGroups(1, 22));
        double tables = Math.ceil(1536 / 22.0) * format.tableBits();
        assertThat(tables).isLessThan(384.0 * 1536 * 4 / CodebookSharing.CODES_OVER_TABLES * 1.02);
        assertThat(CodebookSharing.bySize(new long[] {16, 3, 3, 3}, 0, format))
                .isEqualTo(new OneTable());
        assertThat(CodebookSharing.bySize(new long[] {0, 3}, 0, format)).isEqualTo(new OneTable());
    }
}
