package dev.fewbit.cli.demo;

import dev.fewbit.FewbitException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The model's own tokenizer. */
final class SentenceTokenizer implements AutoCloseable {

    /** Longest input in tokens, as the model was trained. */
    private static final int LONGEST = 256;

    private final dev.fewbit.runtime.text.SentenceTokenizer tokenizer;

    private SentenceTokenizer(dev.fewbit.runtime.text.SentenceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Reads a tokenizer.
     *
     * @param file a {@code tokenizer.json}
     * @param libraries folder for the native library
     */
    static SentenceTokenizer open(Path file, Path libraries) {
        try {
            return new SentenceTokenizer(
                    dev.fewbit.runtime.text.SentenceTokenizer.open(file, libraries, LONGEST));
        } catch (IOException unusable) {
            throw new FewbitException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** Token ids, the special tokens at both ends included. */
    long[] tokens(String sentence) {
        return tokenizer.encode(sentence).ids();
    }

    /** Token ids of each sentence. */
    List<long[]> tokens(List<String> sentences) {
        return sentences.stream().map(this::tokens).toList();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
