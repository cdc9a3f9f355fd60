package dev.fewbit.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void equalRatiosAreEquallyLong() {
        Axis axis = new Axis(0.01, 100, 400, 0, true);
        assertThat(axis.at(0.01)).isEqualTo(400);
        assertThat(axis.at(1)).isCloseTo(200, within(1e-9));
        assertThat(axis.at(10)).isCloseTo(100, within(1e-9));
        assertThat(axis.at(1e9)).isZero();
    }

    @Test
    void whatHasNoLogarithmLiesAtTheLowEnd() {
        Axis axis = Axis.logarithmic(0.01, 100, 400, 0);
        assertThat(axis.at(0)).isEqualTo(400);
        assertThat(axis.at(-3)).isEqualTo(400);
        assertThat(axis.at(Double.NaN)).isEqualTo(400);
        assertThat(axis.at(Double.POSITIVE_INFINITY)).isZero();
    }

    @Test
    void ticksAreRound() {
        assertThat(Axis.linear(93, 310, 0, 1).ticks(5))
                .containsExactly(100.0, 150.0, 200.0, 250.0, 300.0);
        assertThat(new Axis(0.03, 40, 0, 1, true).ticks(4)).containsExactly(0.1, 1.0, 10.0);
        assertThat(new Axis(0.03, 4, 0, 1, true).ticks(9))
                .containsExactly(0.05, 0.1, 0.2, 0.5, 1.0, 2.0);
        assertThat(new Axis(1e-9, 1e9, 0, 1, true).ticks(4)).hasSizeBetween(3, 5);
    }

    @Test
    void oneValueIsWidened() {
        Axis axis = Axis.linear(5, 5, 0, 100);
        assertThat(axis.high()).isGreaterThan(axis.low());
        assertThat(Axis.logarithmic(5, 5, 0, 100).at(5)).isCloseTo(50, within(1e-9));
    }
}
