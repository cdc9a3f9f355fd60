package dev.fewbit.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

class ArrayConversionTest {

    @ParameterizedTest
    @EnumSource(NumberType.class)
    void smallIntegersSurviveThroughEveryType(NumberType type) {
        boolean truth = type == NumberType.BOOL;
        long[] values = truth ? new long[] {0, 1} : new long[] {0, 1, 17, 127};
        NumberArray there = NumberArray.ofLongs(values, values.length).as(type);
        assertThat(there.type()).isEqualTo(type);
        NumberArray back = there.as(NumberType.INT64);
        for (int i = 0; i < values.length; i++) {
            assertThat(back.longAt(i)).isEqualTo(values[i]);
            assertThat(there.doubleAt(i)).isEqualTo((double) values[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, -128, 127",
        "UINT8, 0, 255",
        "INT16, -32768, 32767",
        "UINT16, 0, 65535",
        "INT32, -2147483648, 2147483647",
        "UINT32, 0, 4294967295",
        "BOOL, 0, 1",
    })
    void integersOutsideTheRangeAreRefused(NumberType type, long least, long most) {
        NumberArray edges = NumberArray.ofLongs(new long[] {least, most}, 2).as(type);
        assertThat(edges.longAt(0)).isEqualTo(least);
        assertThat(edges.longAt(1)).isEqualTo(most);
        for (long outside : new long[] {least - 1, most + 1}) {
            assertThatThrownBy(() -> NumberArray.ofLongs(new long[] {outside}, 1).as(type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Long.toString(outside));
            assertThatThrownBy(() -> NumberArray.ofDoubles(new double[] {outside}, 1).as(type))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void unsigned64BitIsUnsigned() {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, -1);
        NumberArray most = new NumberArray(NumberType.UINT64, new long[] {1}, bytes);
        assertThat(most.doubleAt(0)).isEqualTo(0x1p64);
        assertThatThrownBy(() -> most.as(NumberType.INT64))
                .hasMessageContaining("18446744073709551615");
        assertThatThrownBy(() -> NumberArray.ofLongs(new long[] {-1}, 1).as(NumberType.UINT64))
                .hasMessageContaining("-1");
    }

    @Test
    void realsBecomeIntegersOnlyWhenTheyAre() {
        for (double value : new double[] {0.5, Double.NaN, 0x1p63, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(
                            () ->
                                    NumberArray.ofDoubles(new double[] {value}, 1)
                                            .as(NumberType.INT64))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void finiteValuesStayFinite() {
        NumberArray large = NumberArray.ofDoubles(new double[] {1e5}, 1);
        assertThatThrownBy(() -> large.as(NumberType.FLOAT16)).hasMessageContaining("float16");
        assertThatThrownBy(
                        () -> NumberArray.ofDoubles(new double[] {1e39}, 1).as(NumberType.FLOAT32))
                .hasMessageContaining("float32");
        NumberArray infinite = NumberArray.ofDoubles(new double[] {Double.NEGATIVE_INFINITY}, 1);
        assertThat(infinite.as(NumberType.FLOAT16).doubleAt(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** The nearest bfloat16 is at most half a step, 2^-9 of the value's power of two, away. */
    @Test
    void brainFloatsAreTheNearest() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-40, 40)));
            NumberArray rounded =
                    NumberArray.ofFloats(new float[] {value}, 1).as(NumberType.BFLOAT16);
            double bound = Math.pow(2, Math.getExponent(value) - 8);
            assertThat(Math.abs(rounded.doubleAt(0) - value)).isLessThanOrEqualTo(bound);
        }
        assertThat(ArrayConversion.toBrainFloat(Float.NaN)).isEqualTo((short) 0x7fc0);
        assertThat(ArrayConversion.toBrainFloat(0x1.01p0f)).isEqualTo((short) 0x3f80);
        assertThat(ArrayConversion.toBrainFloat(0x1.03p0f)).isEqualTo((short) 0x3f82);
    }

    @Test
    void aShapeMustMatchItsBytes() {
        assertThatThrownBy(() -> NumberArray.ofFloats(new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("24 bytes, got 20");
    }
}
