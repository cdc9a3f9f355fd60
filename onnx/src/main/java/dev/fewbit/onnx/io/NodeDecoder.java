package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.wire.RemainderBuilder;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Decodes one {@code NodeProto}; its inputs and outputs are names until the graph is linked. */
final class NodeDecoder {
    private NodeDecoder() {}

    /** A node with the names it refers to. */
    record NodeDraft(
            Node node, List<String> inputs, List<String> outputs, List<GraphDraft> subgraphs) {}

    /** Decodes the node whose length comes next; {@code depth} is that of its graph. */
    static NodeDraft decode(Decoding decoding, int depth) throws IOException {
        // A node with its lists takes twice as much as a value or an attribute.
        decoding.spend(2);
        WireInput input = decoding.input;
        String name = "";
        String opType = "";
        String domain = "";
        String overload = "";
        List<String> inputs = new ArrayList<>(4);
        List<String> outputs = new ArrayList<>(1);
        List<Attribute> attributes = new ArrayList<>(4);
        List<GraphDraft> subgraphs = new ArrayList<>(0);
        RemainderBuilder remainder = new RemainderBuilder(input);
        long outer = input.enter();
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case GraphFields.NODE_INPUT << 3 | WireType.LENGTH -> {
                    decoding.spend(1);
                    inputs.add(input.readString());
                }
                case GraphFields.NODE_OUTPUT << 3 | WireType.LENGTH -> {
                    decoding.spend(1);
                    outputs.add(input.readString());
                }
                case GraphFields.NODE_NAME << 3 | WireType.LENGTH -> name = input.readString();
                case GraphFields.NODE_OP_TYPE << 3 | WireType.LENGTH -> opType = input.readString();
                case GraphFields.NODE_DOMAIN << 3 | WireType.LENGTH -> domain = input.readString();
                case GraphFields.NODE_OVERLOAD << 3 | WireType.LENGTH ->
                        overload = input.readString();
                case GraphFields.NODE_ATTRIBUTE << 3 | WireType.LENGTH ->
                        attributes.add(AttributeDecoder.decode(decoding, depth, subgraphs));
                default -> remainder.keep(tag, start);
            }
            start = input.position();
        }
        input.leave(outer);
        if (opType.isEmpty()) {
            throw decoding.damaged(
                    "the node \"" + name + "\" with outputs " + outputs + " has no operator");
        }
        Node node = new Node(domain, opType, name);
        node.setOverload(overload);
        node.setRemainder(remainder.build());
        for (Attribute attribute : attributes) {
            if (node.attribute(attribute.name()) != null) {
                throw decoding.damaged(
                        "the node " + node + " has two attributes \"" + attribute.name() + '"');
            }
            node.setAttribute(attribute);
        }
        return new NodeDraft(node, inputs, outputs, subgraphs);
    }
}
