package dev.fewbit.onnx.prepare;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Node;

import java.util.List;

/** Takes down what a pass does. */
record Notes(Preparation pass, List<PreparationNote> list) {

    void done(String text) {
        list.add(new PreparationNote(pass, "", true, text));
    }

    void done(Node node, String text) {
        list.add(new PreparationNote(pass, Labels.of(node), true, text));
    }

    void left(Node node, String reason) {
        list.add(new PreparationNote(pass, Labels.of(node), false, reason));
    }
}
