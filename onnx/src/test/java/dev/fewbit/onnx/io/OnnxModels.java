package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;

/** Models made with the graph types. */
final class OnnxModels {
    private OnnxModels() {}

    static Model empty() {
        Model model = new Model(10, new Graph("g"));
        model.setOpset("", 21);
        return model;
    }
}
