package dev.fewbit.onnx.io;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file (or an array) is not an ONNX model that can be used. The message says where, what, and
 * what to do next.
 */
public final class OnnxFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Path path;
    private final String reason;
    private final String advice;

    /**
     * @param path the file; null when the model was read from memory
     * @param reason what was expected and what was found
     * @param advice what to do next
     */
    public OnnxFormatException(@Nullable Path path, String reason, String advice) {
        this(path, reason, advice, null);
    }

    /** The same with the exception that revealed it. */
    public OnnxFormatException(
            @Nullable Path path, String reason, String advice, @Nullable Throwable cause) {
        super((path == null ? "The model" : path) + ": " + reason + ". " + advice, cause);
        this.path = path;
        this.reason = reason;
        this.advice = advice;
    }

    /** The file; empty when the model was read from memory. */
    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /** What was expected and what was found, without a full stop. */
    public String reason() {
        return reason;
    }

    /** What to do next. */
    public String advice() {
        return advice;
    }
}
