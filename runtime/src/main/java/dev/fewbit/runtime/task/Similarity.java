package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskMetric.Unit;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.TaskSettings.Pooling;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How alike are two sentences? Spearman's correlation between the cosines of the pairs' embeddings
 * and the scores that people gave.
 *
 * @param output embeddings [1, width], or vectors [1, tokens, width] to be pooled
 * @param pooling how they are pooled
 */
public record Similarity(String output, Pooling pooling) implements Task {

    @Override
    public TaskScore score() {
        return new Score(pooling);
    }

    private static final class Score implements TaskScore {
        private final Pooling pooling;
        private final RankCorrelation correlation = new RankCorrelation();
        private double @Nullable [] first;

        Score(Pooling pooling) {
            this.pooling = pooling;
        }

        @Override
        public void add(Sample sample, NumberArray output) {
            if (!(sample.label().orElse(null) instanceof Label.Half half)) {
                return;
            }
            double[] embedding = Embedding.of(sample, output, pooling);
            if (!half.second()) {
                first = embedding;
            } else if (first != null) {
                correlation.add(Embedding.cosine(first, embedding), half.score());
                first = null;
            }
        }

        @Override
        public List<Measure> measures() {
            return List.of(new Measure("Spearman correlation", Unit.NUMBER, true, correlation));
        }
    }
}
