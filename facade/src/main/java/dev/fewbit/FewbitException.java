package dev.fewbit;

import org.jspecify.annotations.Nullable;

/**
 * A failure whose message is meant for the person who runs Fewbit: what, where, and what to do
 * about it.
 */
public final class FewbitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure that was found here. */
    public FewbitException(String message) {
        this(message, null);
    }

    /** A failure that something else caused. */
    public FewbitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
