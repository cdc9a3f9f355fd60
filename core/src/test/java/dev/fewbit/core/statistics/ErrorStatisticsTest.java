package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;

class ErrorStatisticsTest {

    @Test
    void figuresOfASmallExample() {
        ErrorStatistics statistics =
                ErrorStatistics.between(new float[] {3, -4, 0}, new float[] {3, -3, 0.5f});
        assertThat(statistics.count()).isEqualTo(3);
        assertThat(statistics.errorSquares()).isEqualTo(1.25);
        assertThat(statistics.maximumError()).isEqualTo(1);
        // Last digits: a logarithm, a root and a quotient.
        assertThat(statistics.sqnrDecibels()).isCloseTo(10 * Math.log10(25 / 1.25), within(1e-12));
        assertThat(statistics.cosine()).isCloseTo(21 / (5 * Math.sqrt(18.25)), within(1e-12));
        assertThat(statistics.rootMeanSquareError()).isCloseTo(Math.sqrt(1.25 / 3), within(1e-12));
    }

    @Test
    void mergingPartsIsMeasuringTheWhole() {
        Random random = new Random(5);
        ErrorStatistics merged = ErrorStatistics.NONE;
        float[] original = new float[600];
        float[] quantized = new float[600];
        for (int part = 0; part < 6; part++) {
            float[] x = new float[100];
            float[] y = new float[100];
            for (int i = 0; i < 100; i++) {
                x[i] = (float) random.nextGaussian();
                y[i] = x[i] + (float) random.nextGaussian() * 0.01f;
                original[part * 100 + i] = x[i];
                quantized[part * 100 + i] = y[i];
            }
            merged = ErrorStatistics.between(x, y).merge(merged);
        }
        ErrorStatistics whole = ErrorStatistics.between(original, quantized);
        assertThat(merged.count()).isEqualTo(600);
        assertThat(merged.maximumError()).isEqualTo(whole.maximumError());
        // 600 additions, each off by at most 2^-53.
        assertThat(merged.errorSquares() / whole.errorSquares())
                .isCloseTo(1, within(600 * 0x1p-53));
        assertThat(merged.products() / whole.products()).isCloseTo(1, within(600 * 0x1p-53));
    }

    @Test
    void nothingLostIsInfinitelyGood() {
        ErrorStatistics same = ErrorStatistics.between(new float[] {1, 2}, new float[] {1, 2});
        assertThat(same.sqnrDecibels()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(same.cosine()).isEqualTo(1);
        assertThat(ErrorStatistics.NONE.cosine()).isEqualTo(1);
        assertThat(ErrorStatistics.NONE.rootMeanSquareError()).isZero();
        ErrorStatistics lost = ErrorStatistics.between(new float[] {1}, new float[] {0});
        assertThat(lost.cosine()).isZero();
        assertThat(lost.sqnrDecibels()).isZero();
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> ErrorStatistics.between(new float[1], new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 and 2");
        assertThatThrownBy(() -> new ErrorStatistics(-1, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
