package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Model;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes ONNX models as a stream. The layout of the files is computed first; then the graph is
 * written and the bytes of tensors are filled in at their positions by several threads: copied from
 * where they are, or produced by their {@link dev.fewbit.onnx.graph.TensorFiller}. Memory does not
 * grow with the model. The same model gives the same bytes for any number of threads.
 */
public final class OnnxWriter {
    private static final long MOST_MODEL_BYTES = Integer.MAX_VALUE;

    private OnnxWriter() {}

    /**
     * Writes a model to a file. When the file would be larger than {@link
     * WriteOptions#mostEmbeddedBytes}, large tensors of the main graph go to {@code <file
     * name>.data} beside it. Existing files are replaced, but only at the very end: until then all
     * goes to temporary files in the same folder, which are deleted when anything fails or the
     * process is ended.
     *
     * @return what was written
     * @throws OnnxWriteException when the target is refused (it is an input, a folder, ...) or the
     *     disk is full
     * @throws IOException when reading a tensor or writing fails
     * @throws IllegalStateException when a filler does not write every byte exactly once
     */
    public static WrittenFiles write(Model model, Path file, WriteOptions options)
            throws IOException {
        Path target = file.toAbsolutePath();
        Path externalTarget = target.resolveSibling(target.getFileName() + ".data");
        TargetCheck.requireWritable(target);
        OutputLayout layout = layout(model, target, externalTarget, options);
        boolean hasExternal = layout.externalSize > 0;
        TargetCheck.requireNoSource(target, model, layout);
        if (hasExternal) {
            TargetCheck.requireWritable(externalTarget);
            TargetCheck.requireNoSource(externalTarget, model, layout);
        }
        try (OutputFiles files = new OutputFiles()) {
            // The data goes into place first: a model never stands there without its data.
            try (FileSink externalSink =
                            hasExternal ? new FileSink(files.temporaryFor(externalTarget)) : null;
                    FileSink modelSink = new FileSink(files.temporaryFor(target))) {
                OutputFilling.fill(
                        layout, modelSink, externalSink, options.threads(), options.listener());
            }
            files.commit();
        } catch (IOException e) {
            throw explain(e, target, layout.totalSize());
        }
        return new WrittenFiles(
                target, layout.modelSize, hasExternal ? externalTarget : null, layout.externalSize);
    }

    /** How many bytes {@link #toBytes} would give; nothing is read or computed for it. */
    public static long size(Model model) {
        return OutputLayout.embedded(model).modelSize;
    }

    /**
     * The bytes of a model with all tensors embedded, for models of moderate size.
     *
     * @throws IllegalStateException when there are 2 GiB or more
     */
    public static byte[] toBytes(Model model) throws IOException {
        OutputLayout layout = OutputLayout.embedded(model);
        if (layout.modelSize > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    "The model takes "
                            + layout.modelSize
                            + " bytes, more than an array can hold; write it to a file");
        }
        byte[] bytes = new byte[(int) layout.modelSize];
        OutputFilling.fill(
                layout,
                new MemorySink(ByteBuffer.wrap(bytes)),
                null,
                Runtime.getRuntime().availableProcessors(),
                WriteListener.NONE);
        return bytes;
    }

    /**
     * Produces the bytes of all pending tensors now, in memory, and puts them in place of the
     * pending ones.
     *
     * @param threads threads that run the fillers, at least 1
     * @throws IllegalStateException when there are 2 GiB or more, or a filler does not write every
     *     byte exactly once
     */
    public static void materialize(Model model, int threads) throws IOException {
        Materializer.materialize(model, threads);
    }

    private static OutputLayout layout(
            Model model, Path target, Path externalTarget, WriteOptions options)
            throws OnnxWriteException {
        OutputLayout layout = OutputLayout.embedded(model);
        if (layout.modelSize > options.mostEmbeddedBytes()) {
            layout = OutputLayout.external(model, externalTarget.getFileName().toString());
        }
        if (layout.modelSize > MOST_MODEL_BYTES) {
            throw new OnnxWriteException(
                    target,
                    "even without its large tensors the model takes "
                            + layout.modelSize
                            + " bytes, but an ONNX file is limited to "
                            + MOST_MODEL_BYTES
                            + ": large tensors inside subgraphs and attributes cannot be put into a"
                            + " data file",
                    "Turn them into initializers of the main graph",
                    null);
        }
        return layout;
    }

    private static IOException explain(IOException e, Path target, long needed) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left")
                || message.contains("not enough space")
                || message.contains("quota")) {
            String free = usable(target);
            return new OnnxWriteException(
                    target,
                    "the disk is full: " + needed + " bytes are needed, " + free + " are free",
                    "Free some space or choose another folder; nothing was left behind",
                    e);
        }
        if (e instanceof FileSystemException && !(e instanceof NoSuchFileException)) {
            return new OnnxWriteException(
                    target,
                    String.valueOf(e.getMessage()),
                    "Check the folder and its permissions",
                    e);
        }
        return e;
    }

    private static String usable(Path target) {
        @Nullable Path folder = target.getParent();
        if (folder == null) {
            return "an unknown number";
        }
        try {
            FileStore store = Files.getFileStore(folder);
            return Long.toString(store.getUsableSpace());
        } catch (IOException e) {
            return "an unknown number";
        }
    }
}
