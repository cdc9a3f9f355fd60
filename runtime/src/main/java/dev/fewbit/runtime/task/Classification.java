package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskMetric.Unit;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;

import java.util.List;

/**
 * Which class is it? Top-1 accuracy: how often the right class has the largest score; top-5: how
 * often it is among the five largest, shown where there are more than five classes. Among equal
 * scores the first class comes first. A score that is not a number is no answer.
 *
 * @param output scores of all classes, [batch, classes], trailing axes of 1 allowed
 */
public record Classification(String output) implements Task {

    private static final int FEW = 5;

    @Override
    public TaskScore score() {
        return new Score();
    }

    /**
     * Place of a class among the scores of a row, 0 for the largest.
     *
     * @return -1 when its score, or any that would come before it, is not a number
     */
    static int place(NumberArray scores, int from, int classes, int wanted) {
        double own = scores.doubleAt(from + wanted);
        int before = 0;
        for (int i = 0; i < classes; i++) {
            double score = scores.doubleAt(from + i);
            if (Double.isNaN(score)) {
                return -1;
            }
            if (score > own || (score == own && i < wanted)) {
                before++;
            }
        }
        return before;
    }

    private static final class Score implements TaskScore {
        private final Mean first = new Mean();
        private final Mean few = new Mean();
        private int classes;

        @Override
        public void add(Sample sample, NumberArray output) throws SampleDataException {
            if (!(sample.label().orElse(null) instanceof Label.Classes labels)) {
                return;
            }
            int rows = labels.numbers().size();
            classes = output.size() / rows;
            for (int row = 0; row < rows; row++) {
                long wanted = labels.numbers().get(row);
                if (wanted < 0 || wanted >= classes) {
                    throw new SampleDataException(
                            "sample " + sample.index(),
                            "the label is class "
                                    + wanted
                                    + ", the model has classes 0 to "
                                    + (classes - 1),
                            "Count classes from 0, or set label-offset in data.yaml");
                }
                int place = place(output, row * classes, classes, (int) wanted);
                first.add(place == 0 ? 1 : 0);
                few.add(place >= 0 && place < FEW ? 1 : 0);
            }
        }

        @Override
        public List<Measure> measures() {
            Measure one = new Measure("top-1 accuracy", Unit.SHARE, true, first);
            return classes > FEW
                    ? List.of(one, new Measure("top-5 accuracy", Unit.SHARE, true, few))
                    : List.of(one);
        }
    }
}
