package dev.fewbit.onnx.encode;

/**
 * A plan cannot be carried out on a model; the message says which decision, why, and what would be
 * possible.
 */
public final class EncodingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a message for people. */
    public EncodingException(String message) {
        super(message);
    }
}
