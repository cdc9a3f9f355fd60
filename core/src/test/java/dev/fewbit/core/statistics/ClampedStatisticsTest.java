package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;

class ClampedStatisticsTest {

    private static final float NONE = Float.POSITIVE_INFINITY;

    private static byte[] bytes(TensorStatistics statistics) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        statistics.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static void assertAsIfAdded(float[] values, float low, float high) throws IOException {
        TensorStatistics before = new TensorStatistics();
        before.add(values, 0, values.length);
        float[] cut = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            cut[i] = Math.clamp(values[i], low, high);
        }
        TensorStatistics expected = new TensorStatistics();
        expected.add(cut, 0, cut.length);
        assertThat(bytes(before.clamped(low, high)))
                .as("[%s, %s]", low, high)
                .isEqualTo(bytes(expected));
    }

    @Test
    void isAsIfTheCutValuesHadBeenAdded() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
        }
        values[0] = 0;
        values[1] = -0f;
        values[2] = Float.MIN_VALUE;
        values[3] = -Float.MIN_VALUE;
        values[4] = 6;
        assertAsIfAdded(values, 0, NONE);
        assertAsIfAdded(values, 0, 6);
        assertAsIfAdded(values, -1, 1);
        assertAsIfAdded(values, -0.3f, 1.27f);
        assertAsIfAdded(values, 0.37f, 0.3701f);
        assertAsIfAdded(values, -5, -0.001f);
        assertAsIfAdded(values, -NONE, 0);
        assertAsIfAdded(values, -NONE, NONE);
        assertAsIfAdded(values, 2, 2);
        assertAsIfAdded(values, 1e30f, 2e30f);
        assertAsIfAdded(new float[0], 1, 2);
        for (int round = 0; round < 50; round++) {
            float low = (float) random.nextGaussian();
            float high = low + Math.abs((float) random.nextGaussian());
            assertAsIfAdded(values, low, high);
        }
    }

    @Test
    void refusesWhatIsUnknown() {
        TensorStatistics statistics = new TensorStatistics();
        statistics.add(new float[] {1, Float.NaN}, 0, 2);
        assertThatThrownBy(() -> statistics.clamped(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 values are NaN or infinite");
        assertThatThrownBy(() -> new TensorStatistics().clamped(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limits in order");
    }
}
