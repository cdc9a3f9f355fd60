package dev.fewbit.onnx.prepare;

/** A pass broke the graph, which is a mistake in Fewbit; the message names the pass. */
public final class PreparationException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public PreparationException(String message, Throwable cause) {
        super(message, cause);
    }
}
