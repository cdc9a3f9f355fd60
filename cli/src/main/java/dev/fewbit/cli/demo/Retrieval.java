package dev.fewbit.cli.demo;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well a model finds the sentence that answers a query among all sentences.
 *
 * @param topOne share of queries whose answer comes first
 * @param recall share of queries whose answer is among the first ten
 * @param overlap mean share of the first ten that are also among the float model's first ten
 * @param cosine mean cosine between an embedding and the float model's of the same text
 */
record Retrieval(double topOne, double recall, double overlap, double cosine) {

    private static final int TEN = 10;

    /**
     * What one model makes of all texts.
     *
     * @param sentences unit vectors of the sentences
     * @param queries unit vectors of the queries
     */
    record Embeddings(List<float[]> sentences, List<float[]> queries) {

        /** Copies the lists. */
        Embeddings {
            sentences = List.copyOf(sentences);
            queries = List.copyOf(queries);
        }
    }

    /**
     * Judges a model.
     *
     * @param model its embeddings
     * @param reference the float model's embeddings
     * @param queries the queries, in the order of the embeddings
     */
    static Retrieval judge(Embeddings model, Embeddings reference, List<Sentences.Query> queries) {
        double first = 0;
        double found = 0;
        double overlap = 0;
        for (int i = 0; i < queries.size(); i++) {
            int[] nearest = nearest(model.queries().get(i), model.sentences());
            Set<Integer> expected = new HashSet<>();
            for (int index : nearest(reference.queries().get(i), reference.sentences())) {
                expected.add(index);
            }
            int answer = queries.get(i).answer();
            first += nearest[0] == answer ? 1 : 0;
            found += Arrays.stream(nearest).anyMatch(index -> index == answer) ? 1 : 0;
            overlap +=
                    (double) Arrays.stream(nearest).filter(expected::contains).count()
                            / nearest.length;
        }
        int count = queries.size();
        double cosine =
                sumOfCosines(model.sentences(), reference.sentences())
                        + sumOfCosines(model.queries(), reference.queries());
        return new Retrieval(
                first / count,
                found / count,
                overlap / count,
                cosine / (model.sentences().size() + model.queries().size()));
    }

    /** Indices of the ten nearest sentences, nearest first; of equals the first. */
    private static int[] nearest(float[] query, List<float[]> sentences) {
        int count = Math.min(TEN, sentences.size());
        int[] best = new int[count];
        double[] cosines = new double[count];
        Arrays.fill(cosines, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < sentences.size(); i++) {
            double cosine = dot(query, sentences.get(i));
            int place = count;
            while (place > 0 && cosine > cosines[place - 1]) {
                place--;
            }
            if (place < count) {
                System.arraycopy(cosines, place, cosines, place + 1, count - place - 1);
                System.arraycopy(best, place, best, place + 1, count - place - 1);
                cosines[place] = cosine;
                best[place] = i;
            }
        }
        return best;
    }

    private static double sumOfCosines(List<float[]> a, List<float[]> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += dot(a.get(i), b.get(i));
        }
        return sum;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
