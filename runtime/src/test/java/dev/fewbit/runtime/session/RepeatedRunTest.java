package dev.fewbit.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class RepeatedRunTest {

    @TempDir private Path folder;

    private static Sample rows(int count, long seed) {
        float[] values = TestModels.weights(count * TestModels.INPUTS, seed, 0);
        NumberArray array = NumberArray.ofFloats(values, count, TestModels.INPUTS);
        return new Sample(seed, Map.of("x", array), Optional.empty());
    }

    private static void assertSame(NumberArray found, NumberArray expected) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        assertThat(found.bytes()).isEqualTo(expected.bytes());
    }

    @Test
    void givesWhatASingleRunGivesForAnyOrderOfShapes() throws IOException {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1));
                RepeatedRun run = session.repeatedly(List.of("logits"))) {
            int[] batches = {2, 2, 1, 500, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 500, 500, 0, 0, 2};
            for (int i = 0; i < batches.length; i++) {
                Sample sample = rows(batches[i], i);
                List<NumberArray> found = run.run(sample);
                assertThat(found).hasSize(1);
                assertSame(found.getFirst(), session.run(sample).get("logits"));
            }
        }
    }

    @Test
    void givesTheSameWithShapesThatAreToldRightOrWrong() throws IOException {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        AtomicInteger asked = new AtomicInteger();
        for (int wrongFrom : new int[] {Integer.MAX_VALUE, 3, 0}) {
            asked.set(0);
            ShapePrediction prediction =
                    sample -> {
                        long rows = sample.inputs().get("x").shape()[0];
                        boolean wrong = asked.getAndIncrement() >= wrongFrom;
                        return Map.of("logits", new long[] {wrong ? rows + 1 : rows, 10});
                    };
            try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1));
                    RepeatedRun run = session.repeatedly(List.of("logits"), prediction)) {
                for (int i = 0; i < 20; i++) {
                    Sample sample = rows(1 + i % 7, i);
                    assertSame(run.run(sample).getFirst(), session.run(sample).get("logits"));
                }
            }
            // Once for each shape, and never again after being wrong.
            assertThat(asked.get()).isEqualTo(Math.min(7, wrongFrom + 1L));
        }
    }

    @Test
    void doesWithoutShapesThatAreNotTold() throws IOException {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        AtomicInteger asked = new AtomicInteger();
        ShapePrediction prediction =
                _ -> {
                    asked.incrementAndGet();
                    return Map.of();
                };
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1));
                RepeatedRun run = session.repeatedly(List.of("logits"), prediction)) {
            for (int i = 0; i < 9; i++) {
                Sample sample = rows(1 + i % 3, i);
                assertSame(run.run(sample).getFirst(), session.run(sample).get("logits"));
            }
            assertThat(asked.get()).isEqualTo(1);
            assertThatThrownBy(() -> session.repeatedly(List.of("other")))
                    .isInstanceOf(RuntimeModelException.class)
                    .hasMessageContaining("there is no output 'other'");
        }
    }

    @Test
    void usesTheSameMemoryAgain() throws IOException {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1));
                RepeatedRun run = session.repeatedly(List.of("logits"))) {
            run.run(rows(100, 1));
            long held = run.held();
            assertThat(held).isGreaterThanOrEqualTo(100 * (TestModels.INPUTS + 10) * Float.BYTES);
            NumberArray first = run.run(rows(100, 2)).getFirst();
            NumberArray second = run.run(rows(100, 3)).getFirst();
            assertThat(run.held()).isEqualTo(held);
            assertSame(first, second);
            run.trim(held);
            assertThat(run.held()).isEqualTo(held);
            run.trim(held - 1);
            assertThat(run.held()).isZero();
            Sample sample = rows(3, 4);
            assertSame(run.run(sample).getFirst(), session.run(sample).get("logits"));
        }
    }

    @Test
    void severalRunSideBySide() throws Exception {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            List<Thread> threads =
                    IntStream.range(0, 3)
                            .mapToObj(
                                    number ->
                                            Thread.ofPlatform()
                                                    .start(() -> runSome(session, number)))
                            .toList();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(finished.get()).isEqualTo(3);
        }
    }

    private final AtomicInteger finished = new AtomicInteger();

    private void runSome(ModelSession session, int number) {
        try (RepeatedRun run = session.repeatedly(List.of("logits"))) {
            for (int i = 0; i < 50; i++) {
                Sample sample = rows(1 + i % 4, 100L * number + i);
                assertSame(run.run(sample).getFirst(), session.run(sample).get("logits"));
            }
        }
        finished.incrementAndGet();
    }

    @Test
    void anErrorOfASampleSpoilsNothing() throws IOException {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1));
                RepeatedRun run = session.repeatedly(List.of("logits"))) {
            run.run(rows(2, 1));
            Sample narrow =
                    new Sample(
                            9,
                            Map.of("x", NumberArray.ofFloats(new float[3], 1, 3)),
                            Optional.empty());
            assertThatThrownBy(() -> run.run(narrow))
                    .isInstanceOf(RuntimeModelException.class)
                    .hasMessageContaining("sample 9");
            assertThatThrownBy(() -> run.run(new Sample(7, Map.of(), Optional.empty())))
                    .isInstanceOf(RuntimeModelException.class)
                    .hasMessageContaining("input 'x' is missing; sample 7 has []");
            Sample sample = rows(2, 2);
            assertSame(run.run(sample).getFirst(), session.run(sample).get("logits"));
        }
    }
}
