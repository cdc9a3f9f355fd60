package dev.fewbit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.cli.demo.Retrieval.Embeddings;
import dev.fewbit.cli.demo.Sentences.Query;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RetrievalTest {

    /**
     * Unit vectors on a half circle, so that the cosine falls with the difference of the indices.
     */
    private static List<float[]> circle(int count) {
        List<float[]> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double angle = Math.PI * i / count;
            points.add(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
        }
        return points;
    }

    private static List<Query> answers(int count, int offset) {
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            queries.add(new Query("query " + i, (i + offset) % count));
        }
        return queries;
    }

    @Test
    void aModelAgreesWithItself() {
        Embeddings embeddings = new Embeddings(circle(50), circle(50));
        Retrieval retrieval = Retrieval.judge(embeddings, embeddings, answers(50, 0));
        assertThat(retrieval.topOne()).isEqualTo(1);
        assertThat(retrieval.recall()).isEqualTo(1);
        assertThat(retrieval.overlap()).isEqualTo(1);
        // Each component of a unit vector is rounded to a float: a relative error of 2^-24 in each.
        assertThat(retrieval.cosine()).isCloseTo(1, Assertions.within(4 * Math.pow(2, -24)));
    }

    @Test
    void theSecondBestIsRecalledButNotFirst() {
        // Among the ten nearest of a point on the line are its neighbours, itself being the first.
        Embeddings embeddings = new Embeddings(circle(50), circle(50));
        List<Query> neighbours = answers(50, 1).subList(0, 49);
        Embeddings first = new Embeddings(embeddings.sentences(), circle(50));
        Retrieval retrieval = Retrieval.judge(first, embeddings, neighbours);
        assertThat(retrieval.topOne()).isZero();
        assertThat(retrieval.recall()).isEqualTo(1);
    }

    @Test
    void anotherOrderOverlapsLess() {
        List<float[]> sentences = circle(50);
        List<float[]> mirrored = sentences.reversed();
        Retrieval retrieval =
                Retrieval.judge(
                        new Embeddings(mirrored, sentences),
                        new Embeddings(sentences, sentences),
                        answers(50, 0));
        assertThat(retrieval.overlap()).isLessThan(0.5);
        assertThat(retrieval.cosine()).isLessThan(0.9);
    }
}
