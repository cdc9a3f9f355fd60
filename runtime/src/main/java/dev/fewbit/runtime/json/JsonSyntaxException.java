package dev.fewbit.runtime.json;

import java.io.IOException;

/** Text that is not JSON, or JSON of another form than the caller expects. */
public final class JsonSyntaxException extends IOException {

    /**
     * States the problem and where it is.
     *
     * @param problem what was expected and what was found
     * @param offset characters from the start of the text
     */
    public JsonSyntaxException(String problem, long offset) {
        super(problem + " at character " + (offset + 1));
    }
}
