package dev.fewbit.core.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicIntegerArray;

class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyIndexIsRunOnce(int threads) {
        AtomicIntegerArray runs = new AtomicIntegerArray(100);
        Workers.of(threads).run(100, runs::incrementAndGet);
        Workers.of(threads)
                .runRanges(
                        100,
                        7,
                        (from, to) -> {
                            for (int i = from; i < to; i++) {
                                runs.incrementAndGet(i);
                            }
                        });
        Workers.of(threads).run(0, runs::incrementAndGet);
        for (int i = 0; i < 100; i++) {
            assertThat(runs.get(i)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theFirstFailureIsThrown(int threads) {
        Workers workers = Workers.of(threads);
        assertThatThrownBy(
                        () ->
                                workers.run(
                                        50,
                                        index -> {
                                            if (index % 10 == 7) {
                                                throw new IllegalStateException("broken");
                                            }
                                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
    }

    @Test
    void someThreadIsNeeded() {
        assertThatThrownBy(() -> Workers.of(0)).hasMessageContaining("got 0");
    }
}
