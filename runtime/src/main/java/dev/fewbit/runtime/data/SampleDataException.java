package dev.fewbit.runtime.data;

import java.io.IOException;

/** Sample data that cannot be read or does not fit the model; the message says what to do. */
public final class SampleDataException extends IOException {

    /**
     * States the problem.
     *
     * @param where file, and line or sample
     * @param problem what is wrong, what was expected, what was found
     * @param advice what to do next
     */
    public SampleDataException(String where, String problem, String advice) {
        super(where + ": " + problem + ". " + advice);
    }
}
