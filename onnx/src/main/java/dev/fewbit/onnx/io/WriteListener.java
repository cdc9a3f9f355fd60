package dev.fewbit.onnx.io;

/**
 * Hears how far a write has come. Called from the writer's threads, one call at a time, with rising
 * numbers.
 */
@FunctionalInterface
public interface WriteListener {
    /** Hears nothing. */
    WriteListener NONE = (_, _) -> {};

    /**
     * Hears about bytes that were written.
     *
     * @param done bytes written so far
     * @param total bytes of all files to be written
     */
    void written(long done, long total);
}
