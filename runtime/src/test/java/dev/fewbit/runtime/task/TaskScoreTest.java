package dev.fewbit.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.data.TaskSettings.Pooling;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Metrics by hand and by brute force. */
class TaskScoreTest {

    private static Sample sample(Map<String, NumberArray> inputs, Label label) {
        return new Sample(0, inputs, Optional.of(label));
    }

    private static Label classes(long... numbers) {
        return new Label.Classes(Arrays.stream(numbers).boxed().toList());
    }

    private static List<Double> values(TaskScore score) {
        return score.measures().stream().map(Measure::value).toList();
    }

    @Test
    void topOneAndTopFiveByHand() throws SampleDataException {
        TaskScore score = new Classification("y").score();
        NumberArray scores =
                NumberArray.ofFloats(
                        new float[] {
                            1, 9, 2, 8, 3, 7, 4, // best 1 3 5 6 4
                            5, 5, 5, 5, 5, 5, 5, // all equal: 0 1 2 3 4
                        },
                        2,
                        7);
        score.add(sample(Map.of(), classes(1, 0)), scores); // both first
        score.add(sample(Map.of(), classes(4, 4)), scores); // both fifth
        score.add(sample(Map.of(), classes(2, 5)), scores); // neither among five
        assertThat(values(score)).containsExactly(2 / 6.0, 4 / 6.0);
        score.add(new Sample(1, Map.of(), Optional.empty()), scores);
        assertThat(score.measures().getFirst().statistic().samples()).isEqualTo(6);
    }

    @Test
    void topFiveBySorting() throws SampleDataException {
        SplittableRandom random = new SplittableRandom(1);
        TaskScore score = new Classification("y").score();
        int one = 0;
        int five = 0;
        for (int i = 0; i < 200; i++) {
            float[] row = new float[12];
            for (int k = 0; k < row.length; k++) {
                row[k] = random.nextInt(6); // many equals
            }
            int wanted = random.nextInt(row.length);
            List<Integer> order =
                    IntStream.range(0, row.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble((Integer k) -> -row[k]))
                            .toList();
            one += order.getFirst() == wanted ? 1 : 0;
            five += order.subList(0, 5).contains(wanted) ? 1 : 0;
            score.add(sample(Map.of(), classes(wanted)), NumberArray.ofFloats(row, 1, 12, 1, 1));
        }
        assertThat(values(score)).containsExactly(one / 200.0, five / 200.0);
    }

    @Test
    void fewClassesHaveNoTopFiveAndNotANumberIsWrong() throws SampleDataException {
        TaskScore score = new Classification("y").score();
        score.add(
                sample(Map.of(), classes(0)),
                NumberArray.ofFloats(new float[] {3, Float.NaN, 1}, 1, 3));
        score.add(sample(Map.of(), classes(2)), NumberArray.ofFloats(new float[] {0, 1, 2}, 1, 3));
        assertThat(values(score)).containsExactly(0.5);
    }

    @Test
    void aClassThatTheModelDoesNotHaveIsRefused() {
        TaskScore score = new Classification("y").score();
        assertThatThrownBy(
                        () ->
                                score.add(
                                        sample(Map.of(), classes(3)),
                                        NumberArray.ofFloats(new float[3], 1, 3)))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining("class 3, the model has classes 0 to 2")
                .hasMessageContaining("label-offset");
    }

    private static NumberArray mask(double... values) {
        return NumberArray.ofDoubles(values, 1, values.length);
    }

    @Test
    void poolingObeysTheMask() {
        NumberArray states = NumberArray.ofFloats(new float[] {1, 2, 3, 4, 100, 100}, 1, 3, 2);
        Sample masked = new Sample(0, Map.of("attention_mask", mask(1, 1, 0)), Optional.empty());
        Sample open = new Sample(0, Map.of(), Optional.empty());
        assertThat(Embedding.of(masked, states, Pooling.MEAN)).containsExactly(2, 3);
        assertThat(Embedding.of(open, states, Pooling.MEAN)).containsExactly(104 / 3.0, 106 / 3.0);
        assertThat(Embedding.of(masked, states, Pooling.FIRST)).containsExactly(1, 2);
        NumberArray vector = NumberArray.ofFloats(new float[] {5, 6}, 1, 2);
        assertThat(Embedding.of(open, vector, Pooling.MEAN)).containsExactly(5, 6);
    }

    @Test
    void similarityIsTheRankCorrelationOfTheCosines() throws SampleDataException {
        TaskComparison comparison = new TaskComparison(new Similarity("y", Pooling.MEAN));
        // Angles between the halves: 10, 40, 90 degrees, scores falling; the other model swaps two.
        double[] before = {10, 40, 90};
        double[] after = {40, 10, 90};
        double[] scores = {5, 3, 0};
        for (int i = 0; i < 3; i++) {
            for (boolean second : new boolean[] {false, true}) {
                comparison.add(
                        sample(Map.of(), new Label.Half(second, scores[i])),
                        Map.of("y", at(second ? before[i] : 0)),
                        Map.of("y", at(second ? after[i] : 0)));
            }
        }
        List<TaskMetric> metrics = comparison.metrics();
        assertThat(metrics.get(0).name()).isEqualTo("Spearman correlation");
        assertThat(metrics.get(0).original()).isCloseTo(1, within(1e-12));
        // Ranks 3 2 1 against 2 3 1: 1 - 6 * 2 / (3 * 8).
        assertThat(metrics.get(0).quantized()).isCloseTo(0.5, within(1e-12));
        assertThat(metrics.get(0).samples()).isEqualTo(3);
        assertThat(metrics.get(0).loss()).isCloseTo(0.5, within(1e-12));
        // Of six sentences four are the same, two turned by 30 degrees.
        assertThat(metrics.get(1).quantized())
                .isCloseTo((4 + 2 * Math.cos(Math.PI / 6)) / 6, within(1e-7));
        assertThat(metrics.get(1).samples()).isEqualTo(6);
    }

    private static NumberArray at(double degrees) {
        double radians = Math.toRadians(degrees);
        return NumberArray.ofDoubles(new double[] {Math.cos(radians), Math.sin(radians)}, 1, 2);
    }

    @Test
    void perplexityByHand() throws SampleDataException {
        TaskScore score = new NextToken("y", "ids").score();
        // Three tokens, two of which are foretold: with probabilities 1/2 and 1/4.
        NumberArray logits =
                NumberArray.ofFloats(
                        new float[] {
                            (float) Math.log(2),
                            (float) Math.log(1),
                            (float) Math.log(1),
                            1000,
                            1000 + (float) Math.log(2),
                            1000,
                            0,
                            0,
                            0,
                        },
                        1,
                        3,
                        3);
        Map<String, NumberArray> inputs =
                Map.of("ids", NumberArray.ofLongs(new long[] {2, 0, 2}, 1, 3));
        score.add(new Sample(0, inputs, Optional.empty()), logits);
        // The float logits are exact to 2^-14 at 1000.
        assertThat(values(score).getFirst()).isCloseTo(Math.sqrt(8), within(1e-3));
        assertThat(score.measures().getFirst().higherIsBetter()).isFalse();
        assertThat(score.measures().getFirst().statistic().samples()).isEqualTo(2);
    }

    @Test
    void paddingIsNotForetold() throws SampleDataException {
        TaskScore score = new NextToken("y", "ids").score();
        Map<String, NumberArray> inputs =
                Map.of(
                        "ids", NumberArray.ofLongs(new long[] {1, 0, 0, 0}, 1, 4),
                        "attention_mask", mask(1, 1, 0, 0));
        score.add(
                new Sample(0, inputs, Optional.empty()),
                NumberArray.ofFloats(new float[8], 1, 4, 2));
        assertThat(values(score)).containsExactly(2.0);
        assertThat(score.measures().getFirst().statistic().samples()).isEqualTo(1);
    }

    @Test
    void aTokenThatTheModelDoesNotKnowIsRefused() {
        TaskScore score = new NextToken("y", "ids").score();
        Map<String, NumberArray> inputs =
                Map.of("ids", NumberArray.ofLongs(new long[] {1, 9}, 1, 2));
        assertThatThrownBy(
                        () ->
                                score.add(
                                        new Sample(3, inputs, Optional.empty()),
                                        NumberArray.ofFloats(new float[4], 1, 2, 2)))
                .hasMessageContaining("sample 3: token 9 is none of the model's 2");
    }

    private static NumberArray path(int classes, int... best) {
        float[] scores = new float[best.length * classes];
        for (int step = 0; step < best.length; step++) {
            scores[step * classes + best[step]] = 1;
        }
        return NumberArray.ofFloats(scores, 1, best.length, classes);
    }

    @Test
    void repeatsCollapseAndBlanksDrop() {
        List<String> characters = List.of("", "a", "b", " ");
        TextReading task = new TextReading("y", characters, 0, false, false);
        assertThat(task.decode(path(4, 1, 1, 0, 1, 2, 2, 0, 0), 0)).isEqualTo("aab");
        assertThat(task.decode(path(4, 0, 0), 0)).isEmpty();
        assertThat(task.decode(path(4, 2, 3, 3, 2), 0)).isEqualTo("b b");
        TextReading last = new TextReading("y", List.of("a", "b", ""), 2, false, false);
        assertThat(last.decode(path(3, 0, 2, 0, 1, 2), 0)).isEqualTo("aab");
    }

    @Test
    void textsAreComparedAsAskedFor() throws SampleDataException {
        List<String> characters = List.of("", "a", "B", "!", "\u00e9");
        List<Double> exact = new ArrayList<>();
        for (boolean loose : new boolean[] {false, true}) {
            TextReading task = new TextReading("y", characters, 0, loose, loose);
            TaskScore score = task.score();
            NumberArray read = path(5, 1, 2, 3, 4);
            for (String text : List.of("aB!\u00e9", "ab\u00e9", "Ab \u00c9?", "aB!")) {
                score.add(sample(Map.of(), new Label.Texts(List.of(text))), read);
            }
            exact.addAll(values(score));
        }
        assertThat(exact).containsExactly(0.25, 0.75);
    }

    @Test
    void aFloatModelThatGuessesIsPointedOut() throws SampleDataException {
        TaskComparison comparison = new TaskComparison(new Classification("y"));
        for (int i = 0; i < 60; i++) {
            Map<String, NumberArray> wrong =
                    Map.of("y", NumberArray.ofFloats(new float[] {1, 0}, 1, 2));
            comparison.add(sample(Map.of(), classes(1)), wrong, wrong);
        }
        assertThat(comparison.warnings())
                .singleElement()
                .asString()
                .contains("the float model itself hardly does its task", "preprocessing");
    }
}
