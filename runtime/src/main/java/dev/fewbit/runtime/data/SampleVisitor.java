package dev.fewbit.runtime.data;

import java.io.IOException;

/** Takes samples one after the other. */
@FunctionalInterface
public interface SampleVisitor {

    /**
     * Takes one sample.
     *
     * @return whether the next one is wanted
     * @throws IOException if the visitor reads or writes and that fails
     */
    boolean visit(Sample sample) throws IOException;
}
