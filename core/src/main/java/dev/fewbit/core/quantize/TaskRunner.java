package dev.fewbit.core.quantize;

import java.util.function.IntConsumer;

/** Runs tasks that do not depend on each other, at the same time or one after another. */
@FunctionalInterface
public interface TaskRunner {

    /** One after another. */
    TaskRunner SEQUENTIAL =
            (tasks, task) -> {
                for (int index = 0; index < tasks; index++) {
                    task.accept(index);
                }
            };

    /** Small tasks that are run together, so that starting them costs nothing beside them. */
    int TOGETHER = 256;

    /** Runs a task for every index from 0 to {@code tasks - 1}, and returns when all are done. */
    void run(int tasks, IntConsumer task);

    /** The same for many small tasks: some neighbours become one. */
    default void runRanges(int tasks, IntConsumer task) {
        run(
                Math.ceilDiv(tasks, TOGETHER),
                range -> {
                    int end = Math.min(tasks, (range + 1) * TOGETHER);
                    for (int index = range * TOGETHER; index < end; index++) {
                        task.accept(index);
                    }
                });
    }
}
