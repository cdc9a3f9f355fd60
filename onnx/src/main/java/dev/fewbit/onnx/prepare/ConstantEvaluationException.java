package dev.fewbit.onnx.prepare;

/** Constants could not be computed; the message says why. */
public final class ConstantEvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConstantEvaluationException(String message, Throwable cause) {
        super(message, cause);
    }
}
