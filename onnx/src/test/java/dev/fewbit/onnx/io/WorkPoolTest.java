package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

// A deadlock would otherwise hang the build; the limit is far above what the tests take.
@Timeout(60)
class WorkPoolTest {
    @Test
    void everyPartRunsOnce() throws IOException {
        for (int threads : new int[] {1, 2, 5}) {
            AtomicIntegerArray runs = new AtomicIntegerArray(20 * 30 * 3);
            WorkPool.run(
                    threads,
                    pool -> {
                        List<WorkPool.Task> tasks = new ArrayList<>();
                        for (int task = 0; task < 20; task++) {
                            int base = task * 30;
                            tasks.add(
                                    () ->
                                            pool.parallel(
                                                    30,
                                                    part ->
                                                            pool.parallel(
                                                                    3,
                                                                    leaf ->
                                                                            runs.incrementAndGet(
                                                                                    (base + part)
                                                                                                    * 3
                                                                                            + leaf))));
                        }
                        return tasks;
                    });
            for (int i = 0; i < runs.length(); i++) {
                assertThat(runs.get(i)).isOne();
            }
        }
    }

    @Test
    void neverMoreTasksThanThreadsAreUnderWay() throws IOException {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        WorkPool.run(
                3,
                pool -> {
                    WorkPool.Task task =
                            () -> {
                                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                                pool.parallel(50, _ -> Thread.onSpinWait());
                                underWay.decrementAndGet();
                            };
                    return java.util.Collections.nCopies(200, task);
                });
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void idleThreadsHelpARunningTask() throws IOException {
        // All four parts wait for each other, so this ends only if four threads work on them at a
        // time.
        CountDownLatch together = new CountDownLatch(4);
        WorkPool.run(
                4,
                pool ->
                        List.of(
                                () ->
                                        pool.parallel(
                                                4,
                                                _ -> {
                                                    together.countDown();
                                                    try {
                                                        together.await();
                                                    } catch (InterruptedException e) {
                                                        throw new IOException(e);
                                                    }
                                                })));
        assertThat(together.getCount()).isZero();
    }

    @Test
    void theFirstFailureEndsTheWork() {
        for (int threads : new int[] {1, 4}) {
            AtomicInteger started = new AtomicInteger();
            assertThatThrownBy(
                            () ->
                                    WorkPool.run(
                                            threads,
                                            pool ->
                                                    List.of(
                                                            () ->
                                                                    pool.parallel(
                                                                            1_000_000,
                                                                            part -> {
                                                                                started
                                                                                        .incrementAndGet();
                                                                                if (part == 10) {
                                                                                    throw new IOException(
                                                                                            "broken");
                                                                                }
                                                                            }))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken");
            assertThat(started.get()).isLessThan(1_000_000);
        }
        assertThatThrownBy(
                        () ->
                                WorkPool.run(
                                        2,
                                        _ ->
                                                List.of(
                                                        () -> {
                                                            throw new IllegalStateException("bug");
                                                        })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("bug");
    }
}
