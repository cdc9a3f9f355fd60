package dev.fewbit.cli.demo;

import dev.fewbit.Progress;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sentence embeddings as the model's authors define them: the mean over the tokens of the last
 * layer's output, scaled to length one, so that the dot product of two is their cosine.
 */
final class Embedder implements AutoCloseable {

    private final ModelSession session;

    Embedder(Path model, int threads) {
        session = ModelSession.open(model, SessionSettings.withThreads(threads));
    }

    /** The inputs of the model for one sentence, a batch of one without padding. */
    static Map<String, NumberArray> inputs(long[] tokens) {
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        Map<String, NumberArray> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", NumberArray.ofLongs(tokens, 1, tokens.length));
        inputs.put("attention_mask", NumberArray.ofLongs(ones, 1, tokens.length));
        inputs.put(
                "token_type_ids", NumberArray.ofLongs(new long[tokens.length], 1, tokens.length));
        return inputs;
    }

    /** One embedding for every sentence. */
    List<float[]> embed(List<long[]> sentences, String stage, Progress progress) {
        List<float[]> embeddings = new ArrayList<>(sentences.size());
        for (long[] sentence : sentences) {
            embeddings.add(embed(embeddings.size(), sentence));
            progress.update(stage, embeddings.size(), sentences.size());
        }
        return embeddings;
    }

    private float[] embed(int index, long[] tokens) {
        Map<String, NumberArray> outputs =
                session.run(new Sample(index, inputs(tokens), Optional.empty()));
        return pool(outputs.values().iterator().next());
    }

    /** The model has one output, [1, tokens, width]. */
    private static float[] pool(NumberArray hidden) {
        if (hidden.rank() != 3) {
            throw new IllegalStateException("expected [1, tokens, width], got " + hidden);
        }
        int tokens = (int) hidden.shape()[1];
        int width = (int) hidden.shape()[2];
        FloatBuffer values = hidden.bytes().asFloatBuffer();
        double[] sum = new double[width];
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < width; i++) {
                sum[i] += values.get(token * width + i);
            }
        }
        double square = 0;
        for (double value : sum) {
            square += value * value;
        }
        double length = Math.sqrt(square);
        float[] embedding = new float[width];
        for (int i = 0; i < width; i++) {
            embedding[i] = (float) (sum[i] / length);
        }
        return embedding;
    }

    @Override
    public void close() {
        session.close();
    }
}
