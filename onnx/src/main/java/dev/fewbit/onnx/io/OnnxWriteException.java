package dev.fewbit.onnx.io;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model could not be written, and nothing was left behind. The message says why and what to do.
 */
public final class OnnxWriteException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path target;

    public OnnxWriteException(
            Path target, String reason, String advice, @Nullable Throwable cause) {
        super("Cannot write " + target + ": " + reason + ". " + advice, cause);
        this.target = target;
    }

    /** The file that was to be written. */
    public Path target() {
        return target;
    }
}
