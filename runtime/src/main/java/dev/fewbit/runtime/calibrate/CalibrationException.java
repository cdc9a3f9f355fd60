package dev.fewbit.runtime.calibrate;

import java.io.IOException;

/** Statistics cannot be gathered, read or merged; the message says what to do. */
public final class CalibrationException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * States the problem.
     *
     * @param message what is wrong, what was expected, what was found, what to do
     */
    public CalibrationException(String message) {
        super(message);
    }

    /**
     * States the problem.
     *
     * @param message what is wrong, what was expected, what was found, what to do
     * @param cause why
     */
    public CalibrationException(String message, Throwable cause) {
        super(message, cause);
    }
}
