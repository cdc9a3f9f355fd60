package dev.fewbit.bench.large;

import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.io.WrittenFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes a transformer with random weights, its data in a file beside the model. Memory does not
 * grow with the model: weights come into being while they are written.
 */
public final class GenerateModel {
    private static final long MEGABYTE = 1_000_000;
    private static final int BAD_USAGE = 2;

    private GenerateModel() {}

    /**
     * Writes a model.
     *
     * @param bytes size of the weights; met within a sixteenth
     * @param file the model; the data goes to {@code <file name>.data} beside it
     * @param seed the same seed and size give the same bytes, whatever the number of threads
     * @param threads that make weights
     * @throws IOException if it cannot be written
     */
    static WrittenFiles write(long bytes, Path file, long seed, int threads) throws IOException {
        return OnnxWriter.write(
                TransformerGraph.build(TransformerSize.ofBytes(bytes), seed),
                file,
                WriteOptions.defaults().withThreads(threads).withMostEmbeddedBytes(0));
    }

    /**
     * Runs the generator.
     *
     * @param arguments MODEL MEGABYTES [SEED]
     * @throws IOException if the model cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: GenerateModel MODEL.onnx MEGABYTES [SEED]");
            System.exit(BAD_USAGE);
        }
        long bytes = Math.multiplyExact(Long.parseLong(arguments[1]), MEGABYTE);
        long seed = arguments.length == 3 ? Long.parseLong(arguments[2]) : 0;
        TransformerSize size = TransformerSize.ofBytes(bytes);
        WrittenFiles written =
                write(
                        bytes,
                        Path.of(arguments[0]),
                        seed,
                        Runtime.getRuntime().availableProcessors());
        System.out.printf(
                Locale.ROOT,
                "%s: %d layers, width %d, inner width %d, vocabulary %d: %.3f GB%n",
                written.model(),
                size.layers(),
                size.width(),
                size.inner(),
                size.vocabulary(),
                written.totalBytes() / 1e9);
    }
}
