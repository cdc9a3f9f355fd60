package dev.fewbit.onnx.graph;

/**
 * A graph breaks one of its invariants; the message names the culprit. See {@link Graph#verify()}.
 */
public final class InvalidGraphException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public InvalidGraphException(String message) {
        super(message);
    }
}
