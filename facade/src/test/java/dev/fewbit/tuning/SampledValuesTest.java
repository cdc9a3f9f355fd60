package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.data.NumberArray;

import org.junit.jupiter.api.Test;

class SampledValuesTest {

    private static NumberArray counting(float factor, long... shape) {
        int size = 1;
        for (long each : shape) {
            size *= (int) each;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = factor * i;
        }
        return NumberArray.ofFloats(values, shape);
    }

    private static SampledValues sampled(int axis, int places, NumberArray... arrays) {
        SampledValues values = new SampledValues(axis, places);
        for (int i = 0; i < arrays.length; i++) {
            values.add(arrays[i], values.part(arrays[i], i));
        }
        return values;
    }

    @Test
    void keepsAllWhereThereIsLittle() {
        SampledValues values = sampled(1, 6, counting(1, 1, 2, 3), counting(10, 1, 2, 2));
        assertThat(values.channels()).isEqualTo(2);
        assertThat(values.places()).isEqualTo(5);
        assertThat(values.elements()).isEqualTo(10);
        assertThat(values.channel(0)).containsExactly(0, 1, 2, 0, 10);
        assertThat(values.channel(1)).containsExactly(3, 4, 5, 20, 30);
        assertThat(values.channel(1, 1)).containsExactly(3, 4, 5);
    }

    @Test
    void channelsMayBeLast() {
        assertThat(sampled(-1, 9, counting(1, 2, 2, 3)).channel(1)).containsExactly(1, 4, 7, 10);
    }

    @Test
    void valuesOfOneShapeAreSampledAtTheSamePlaces() {
        NumberArray[] once = {counting(1, 1, 3, 20, 20), counting(1, 1, 3, 20, 20)};
        NumberArray[] twice = {counting(2, 1, 3, 20, 20), counting(2, 1, 3, 20, 20)};
        SampledValues values = sampled(1, 37, once);
        SampledValues doubled = sampled(1, 37, twice);
        assertThat(values.places()).isEqualTo(74);
        for (int channel = 0; channel < 3; channel++) {
            float[] expected = values.channel(channel);
            assertThat(expected).hasSize(74);
            for (int i = 0; i < expected.length; i++) {
                assertThat(doubled.channel(channel)[i]).isEqualTo(2 * expected[i]);
            }
        }
    }
}
