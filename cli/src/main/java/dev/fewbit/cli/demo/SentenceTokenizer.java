package dev.fewbit.cli.demo;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

import dev.fewbit.FewbitException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The model's own tokenizer. Its native library is in its jar and is unpacked into a folder of our
 * choice; nothing is downloaded, and nothing is reported to anybody.
 */
final class SentenceTokenizer implements AutoCloseable {

    /** Longest input in tokens, as the model was trained. */
    private static final int LONGEST = 256;

    private final HuggingFaceTokenizer tokenizer;

    private SentenceTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Reads a tokenizer.
     *
     * @param file a {@code tokenizer.json}
     * @param libraries folder for the native library
     */
    static SentenceTokenizer open(Path file, Path libraries) throws IOException {
        // Without these the library asks the network who runs it, and for builds for graphics
        // cards.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("ENGINE_CACHE_DIR", libraries.toAbsolutePath().toString());
        Files.createDirectories(libraries);
        try {
            return new SentenceTokenizer(
                    HuggingFaceTokenizer.newInstance(
                            file,
                            Map.of(
                                    "truncation", "true",
                                    "maxLength", Integer.toString(LONGEST),
                                    "padding", "false")));
        } catch (RuntimeException | LinkageError e) {
            throw new FewbitException(
                    "the tokenizer does not run on this machine ("
                            + System.getProperty("os.name")
                            + " "
                            + System.getProperty("os.arch")
                            + "): "
                            + e.getMessage(),
                    e);
        }
    }

    /** Token ids, the special tokens at both ends included. */
    long[] tokens(String sentence) {
        return tokenizer.encode(sentence).getIds();
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
