package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskMetric.Unit;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.OmittedInput;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Which token comes next? Perplexity, {@code exp(-mean log p(token t+1 | tokens 1 to t))}, over all
 * tokens but the first of each row; the softmax of the logits is taken in double. Tokens that the
 * attention mask leaves out do not count.
 *
 * @param output logits [rows, tokens, vocabulary]
 * @param tokens input that takes the token ids, [rows, tokens]
 */
public record NextToken(String output, String tokens) implements Task {

    @Override
    public TaskScore score() {
        return new Score(tokens);
    }

    /** The logarithm of the softmax of one row of logits at one place. */
    static double logProbability(NumberArray logits, int from, int count, int wanted) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, logits.doubleAt(from + i));
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits.doubleAt(from + i) - largest);
        }
        return logits.doubleAt(from + wanted) - largest - Math.log(sum);
    }

    private static final class Score implements TaskScore {
        private final String tokens;
        private final Perplexity perplexity = new Perplexity();

        Score(String tokens) {
            this.tokens = tokens;
        }

        @Override
        public void add(Sample sample, NumberArray output) throws SampleDataException {
            NumberArray ids = sample.inputs().get(tokens);
            if (ids == null || ids.rank() != 2 || output.rank() != 3) {
                return;
            }
            int length = (int) ids.shape()[1];
            int vocabulary = (int) output.shape()[2];
            NumberArray mask = mask(sample, ids.size());
            for (int row = 0; row < ids.shape()[0]; row++) {
                double sum = 0;
                long count = 0;
                for (int t = 0; t + 1 < length; t++) {
                    int next = row * length + t + 1;
                    if (mask.doubleAt(next) == 0 || mask.doubleAt(next - 1) == 0) {
                        continue;
                    }
                    int from = (next - 1) * vocabulary;
                    sum -=
                            logProbability(
                                    output, from, vocabulary, token(sample, ids, next, vocabulary));
                    count++;
                }
                if (count > 0) {
                    perplexity.add(sum, count);
                }
            }
        }

        private static int token(Sample sample, NumberArray ids, int at, int vocabulary)
                throws SampleDataException {
            long token = ids.longAt(at);
            if (token < 0 || token >= vocabulary) {
                throw new SampleDataException(
                        "sample " + sample.index(),
                        "token " + token + " is none of the model's " + vocabulary,
                        "Use the model's own tokenizer, or --task none");
            }
            return (int) token;
        }

        /** The mask, or the ids' own shape with nothing left out. */
        private static NumberArray mask(Sample sample, int size) {
            for (Map.Entry<String, NumberArray> input : sample.inputs().entrySet()) {
                boolean masks = OmittedInput.of(input.getKey()).orElse(null) == OmittedInput.MASK;
                if (masks && input.getValue().size() == size) {
                    return input.getValue();
                }
            }
            double[] ones = new double[size];
            Arrays.fill(ones, 1);
            return NumberArray.ofDoubles(ones, size);
        }

        @Override
        public List<Measure> measures() {
            return List.of(new Measure("perplexity", Unit.NUMBER, false, perplexity));
        }
    }
}
