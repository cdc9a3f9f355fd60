package dev.fewbit.runtime.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The model's own tokenizer. Its native library is in its jar and is unpacked into a folder of the
 * caller's choice; nothing is downloaded, and nothing is reported to anybody.
 */
public final class SentenceTokenizer implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;

    private SentenceTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Reads a tokenizer. What the file says of truncation and padding does not count.
     *
     * @param file a {@code tokenizer.json}
     * @param libraries folder for the native library, kept between runs
     * @param longest most tokens of a text, special ones included; the rest is cut off
     * @throws IOException if the file is no tokenizer, or the library does not run here; the
     *     message says what to do
     */
    public static SentenceTokenizer open(Path file, Path libraries, int longest)
            throws IOException {
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
                                    "maxLength", Integer.toString(longest),
                                    "padding", "false")));
        } catch (NoClassDefFoundError missing) {
            if (!String.valueOf(missing.getMessage()).startsWith("ai/djl/")) {
                throw unusable(file, missing);
            }
            throw new IOException(
                    file
                            + ": text needs a tokenizer, and none is on the class path. Add"
                            + " ai.djl.huggingface:tokenizers, or give token ids",
                    missing);
        } catch (RuntimeException | LinkageError failure) {
            throw unusable(file, failure);
        }
    }

    private static IOException unusable(Path file, Throwable failure) {
        return new IOException(
                file
                        + ": the tokenizer cannot be used ("
                        + System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.arch")
                        + "): "
                        + failure.getMessage()
                        + ". Check that this is a tokenizer.json of Hugging Face's tokenizers",
                failure);
    }

    /**
     * Tokenizes one text.
     *
     * @param text what to tokenize
     */
    public TokenizedText encode(String text) {
        Encoding encoding = tokenizer.encode(text);
        return new TokenizedText(encoding.getIds(), encoding.getTypeIds());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
