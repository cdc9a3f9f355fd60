package dev.fewbit.onnx.correct;

/** A correction does not fit the model; the message says why and what to do. */
public final class CorrectionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public CorrectionException(String message) {
        super(message);
    }
}
