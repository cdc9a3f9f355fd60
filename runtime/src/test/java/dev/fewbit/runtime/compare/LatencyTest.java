package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** On a clock that only the timed work moves, so that every figure is exact. */
class LatencyTest {

    private long now;
    private final List<String> order = new ArrayList<>();

    private Runnable work(String name, long millis) {
        return () -> {
            order.add(name);
            now += millis * 1_000_000;
        };
    }

    private Latency.Pair measure(long first, long second, int maximumRuns, long budgetMillis) {
        return Latency.interleaved(
                work("a", first),
                work("b", second),
                maximumRuns,
                budgetMillis * 1_000_000,
                () -> now);
    }

    @Test
    void whoBeginsAlternates() {
        Latency.Pair pair = measure(4, 2, 3, 1_000_000);
        assertThat(pair.first()).isEqualTo(new Latency(4, 4, 4));
        assertThat(pair.second()).isEqualTo(new Latency(2, 2, 2));
        assertThat(order).hasSize(2 * (10 + 3));
        assertThat(String.join("", order.subList(20, 26))).isEqualTo("abbaab");
    }

    @Test
    void aBudgetEndsIt() {
        measure(1, 1, 1_000_000, 1000);
        assertThat(now / 1_000_000).isEqualTo(1000);
    }

    @Test
    void workThatFitsTheBudgetRunsFifteenTimes() {
        measure(30, 30, 100, 1000);
        assertThat(order).hasSizeGreaterThanOrEqualTo(2 * (Latency.WANTED_RUNS + 1));
    }

    @Test
    void slowWorkRunsThreeTimesAllTheSame() {
        measure(60_000, 60_000, 100, 1000);
        assertThat(order).hasSize(2 * (1 + Latency.LEAST_RUNS));
    }

    @Test
    void percentilesInterpolate() {
        double[] times = new double[11];
        for (int i = 0; i < times.length; i++) {
            times[i] = 10 - i;
        }
        assertThat(Latency.of(times)).isEqualTo(new Latency(5, 1, 9));
        assertThat(Latency.of(new double[] {2, 1})).isEqualTo(new Latency(1.5, 1.1, 1.9));
    }
}
