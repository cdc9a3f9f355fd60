package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.graph.Model;

import java.util.Locale;

/** One kind of change to a graph that leaves what it computes. */
interface Rewrite {

    /**
     * Changes the model wherever it can.
     *
     * @return true when something changed
     */
    boolean apply(Model model, Notes notes);

    /** What it does, for messages: the name of the class in words. */
    default String title() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
