package dev.fewbit.cli.command;

/** The command line makes no sense; the message says what was expected. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A mistake in the command line. */
    public UsageException(String message) {
        super(message);
    }

    /** A mistake in the command line that something else noticed. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
