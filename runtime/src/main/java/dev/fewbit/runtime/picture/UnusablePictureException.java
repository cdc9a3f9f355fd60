package dev.fewbit.runtime.picture;

import java.io.IOException;

/** A picture that cannot be decoded, or does not have the size that is needed. */
public final class UnusablePictureException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String advice;

    /**
     * States the problem.
     *
     * @param problem what is wrong, what was expected, what was found
     * @param advice what to do next
     */
    public UnusablePictureException(String problem, String advice) {
        super(problem + ". " + advice);
        this.problem = problem;
        this.advice = advice;
    }

    /** What is wrong, what was expected, what was found. */
    public String problem() {
        return problem;
    }

    /** What to do next. */
    public String advice() {
        return advice;
    }
}
