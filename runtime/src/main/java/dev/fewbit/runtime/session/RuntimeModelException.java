package dev.fewbit.runtime.session;

/** ONNX Runtime refused a model or an input; the message says which, why, and what to do. */
public final class RuntimeModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * States the problem.
     *
     * @param model the model's file or name
     * @param problem what went wrong
     * @param advice what to do next
     */
    public RuntimeModelException(String model, String problem, String advice) {
        super(model + ": " + problem + ". " + advice);
    }

    /**
     * States the problem in the words of ONNX Runtime, their first line.
     *
     * @param model the model's file or name
     * @param action what was tried
     * @param cause what ONNX Runtime threw
     * @param advice what to do next
     */
    public RuntimeModelException(String model, String action, Throwable cause, String advice) {
        super(model + ": " + action + " failed: " + firstLine(cause) + ". " + advice, cause);
    }

    private static String firstLine(Throwable cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        String line = message.strip().lines().findFirst().orElse(message).strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
