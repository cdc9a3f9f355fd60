package dev.fewbit.train.operator;

/** A node cannot be computed, or not in a way that can be trained; the message names it. */
public final class OperatorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for people. */
    public OperatorException(String message) {
        super(message);
    }

    /** With a message for people and what it comes from. */
    public OperatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
