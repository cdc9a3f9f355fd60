package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskMetric.Unit;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import java.util.List;
import java.util.Locale;

/**
 * What is written there? The share of texts that are read without a mistake by a network trained
 * with connectionist temporal classification (Graves et al., 2006), decoded greedily: the best
 * class of every step, repeats collapsed, blanks dropped.
 *
 * @param output scores [batch, steps, classes]
 * @param characters text of each class; that of the blank does not matter
 * @param blank class of the blank
 * @param ignoresCase whether upper and lower case count as the same
 * @param lettersAndDigitsOnly whether other characters are passed over
 */
public record TextReading(
        String output,
        List<String> characters,
        int blank,
        boolean ignoresCase,
        boolean lettersAndDigitsOnly)
        implements Task {

    /** Copies the characters. */
    public TextReading {
        characters = List.copyOf(characters);
    }

    @Override
    public TaskScore score() {
        return new Score(this);
    }

    /**
     * Reads one row.
     *
     * @param scores [batch, steps, classes]
     * @param row row of the batch
     */
    public String decode(NumberArray scores, int row) {
        int steps = (int) scores.shape()[1];
        int classes = (int) scores.shape()[2];
        StringBuilder text = new StringBuilder();
        int previous = blank;
        for (int step = 0; step < steps; step++) {
            int best = largest(scores, (row * steps + step) * classes, classes);
            if (best != previous && best != blank && best < characters.size()) {
                text.append(characters.get(best));
            }
            previous = best;
        }
        return text.toString();
    }

    private static int largest(NumberArray scores, int from, int classes) {
        int best = 0;
        for (int i = 1; i < classes; i++) {
            if (scores.doubleAt(from + i) > scores.doubleAt(from + best)) {
                best = i;
            }
        }
        return best;
    }

    /** A text as it is compared. */
    String normalized(String text) {
        String same = ignoresCase ? text.toLowerCase(Locale.ROOT) : text;
        if (!lettersAndDigitsOnly) {
            return same;
        }
        StringBuilder kept = new StringBuilder();
        same.codePoints().filter(Character::isLetterOrDigit).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static final class Score implements TaskScore {
        private final TextReading task;
        private final Mean right = new Mean();

        Score(TextReading task) {
            this.task = task;
        }

        @Override
        public void add(Sample sample, NumberArray output) {
            if (!(sample.label().orElse(null) instanceof Label.Texts labels)
                    || output.rank() != 3
                    || output.shape()[0] != labels.texts().size()) {
                return;
            }
            for (int row = 0; row < labels.texts().size(); row++) {
                String wanted = task.normalized(labels.texts().get(row));
                right.add(task.normalized(task.decode(output, row)).equals(wanted) ? 1 : 0);
            }
        }

        @Override
        public List<Measure> measures() {
            return List.of(new Measure("exact match", Unit.SHARE, true, right));
        }
    }
}
