package dev.fewbit.onnx.layer;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.List;

/** What a node depends on. */
public final class ReadValues {
    private ReadValues() {}

    /**
     * The values that a node reads, by way of its subgraphs too; absent inputs are left out, and a
     * value that is read twice is there twice.
     */
    public static List<Value> of(Node node) {
        List<Value> values = new ArrayList<>();
        add(node, values);
        for (Graph subgraph : node.subgraphs()) {
            subgraph.allNodes().forEach(each -> add(each, values));
            values.addAll(subgraph.outputs());
        }
        return values;
    }

    private static void add(Node node, List<Value> values) {
        for (Value input : node.inputs()) {
            if (input != null) {
                values.add(input);
            }
        }
    }
}
