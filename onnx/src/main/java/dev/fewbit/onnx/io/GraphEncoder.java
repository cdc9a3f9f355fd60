package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.wire.WireOutput;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/** Encodes graphs and nodes. Only the model's own graph hands tensors to the external file. */
final class GraphEncoder {
    private GraphEncoder() {}

    static WireOutput encode(Graph graph, ExternalLayout external) {
        WireOutput output = new WireOutput();
        for (Node node : graph.nodes()) {
            output.writeMessage(GraphFields.GRAPH_NODE, encode(node));
        }
        output.writeNonEmpty(GraphFields.GRAPH_NAME, graph.name());
        for (Map.Entry<Value, Tensor> entry : graph.initializers().entrySet()) {
            String name = entry.getKey().name();
            Tensor tensor = entry.getValue();
            output.writeMessage(
                    GraphFields.GRAPH_INITIALIZER,
                    external.takes(tensor)
                            ? TensorEncoder.external(
                                    tensor, name, external.location(), external.place(tensor))
                            : TensorEncoder.embedded(tensor, name));
        }
        for (Value input : graph.inputs()) {
            output.writeMessage(GraphFields.GRAPH_INPUT, ValueInfoEncoder.encode(input));
        }
        for (Value value : graph.outputs()) {
            output.writeMessage(GraphFields.GRAPH_OUTPUT, ValueInfoEncoder.encode(value));
        }
        writeValueInfos(graph, output);
        output.writeRemainder(graph.remainder());
        return output;
    }

    private static void writeValueInfos(Graph graph, WireOutput output) {
        Set<Value> listed = graph.listedInfos();
        for (Value value : listed) {
            if (value.hasInfo() && value.graph() == graph) {
                output.writeMessage(GraphFields.GRAPH_VALUE_INFO, ValueInfoEncoder.encode(value));
            }
        }
        for (Node node : graph.nodes()) {
            for (Value value : node.outputs()) {
                if (value != null
                        && value.hasInfo()
                        && !value.isGraphOutput()
                        && !listed.contains(value)) {
                    output.writeMessage(
                            GraphFields.GRAPH_VALUE_INFO, ValueInfoEncoder.encode(value));
                }
            }
        }
    }

    private static WireOutput encode(Node node) {
        WireOutput output = new WireOutput();
        for (Value input : node.inputs()) {
            output.writeString(GraphFields.NODE_INPUT, nameOf(input));
        }
        for (Value value : node.outputs()) {
            output.writeString(GraphFields.NODE_OUTPUT, nameOf(value));
        }
        output.writeNonEmpty(GraphFields.NODE_NAME, node.name());
        output.writeString(GraphFields.NODE_OP_TYPE, node.opType());
        for (Attribute attribute : node.attributes()) {
            output.writeMessage(GraphFields.NODE_ATTRIBUTE, AttributeEncoder.encode(attribute));
        }
        output.writeNonEmpty(GraphFields.NODE_DOMAIN, node.domain());
        output.writeNonEmpty(GraphFields.NODE_OVERLOAD, node.overload());
        output.writeRemainder(node.remainder());
        return output;
    }

    private static String nameOf(@Nullable Value value) {
        return value == null ? "" : value.name();
    }
}
