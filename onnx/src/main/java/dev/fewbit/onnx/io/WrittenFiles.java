package dev.fewbit.onnx.io;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The files of a model that was written.
 *
 * @param model the model's file
 * @param modelBytes its size
 * @param externalData the external data file beside it; null when there is none
 * @param externalDataBytes its size
 */
public record WrittenFiles(
        Path model, long modelBytes, @Nullable Path externalData, long externalDataBytes) {
    public WrittenFiles {
        Objects.requireNonNull(model, "model");
    }

    /** Size of all files in bytes. */
    public long totalBytes() {
        return modelBytes + externalDataBytes;
    }
}
