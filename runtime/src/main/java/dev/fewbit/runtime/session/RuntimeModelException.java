package dev.fewbit.runtime.session;

/** ONNX Runtime refused a model or an input; the message says which, why, and what to do. */
public final class RuntimeModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 300;

    private final String problem;

    /**
     * States the problem.
     *
     * @param model the model's file or name
     * @param problem what went wrong
     * @param advice what to do next; may be empty
     */
    public RuntimeModelException(String model, String problem, String advice) {
        super(message(model, problem, advice));
        this.problem = problem;
    }

    /**
     * States the problem in the words of ONNX Runtime, without line breaks.
     *
     * @param model the model's file or name
     * @param action what was tried
     * @param cause what ONNX Runtime threw
     * @param advice what to do next; may be empty
     */
    public RuntimeModelException(String model, String action, Throwable cause, String advice) {
        super(message(model, action + " failed: " + words(cause), advice), cause);
        this.problem = action + " failed: " + words(cause);
    }

    /** What went wrong, without the model's name and without advice. */
    public String problem() {
        return problem;
    }

    private static String message(String model, String problem, String advice) {
        return model + ": " + problem + (advice.isEmpty() ? "" : ". " + advice);
    }

    private static String words(Throwable cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        String line =
                message.strip()
                        .replaceAll("\\s+", " ")
                        .replaceFirst("^Error code - (\\w+) - message: ", "$1: ");
        if (line.length() > LONGEST) {
            line = line.substring(0, LONGEST) + "...";
        }
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
