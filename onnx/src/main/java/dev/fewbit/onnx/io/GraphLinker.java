package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Remainder;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the names in a decoded graph into references: first all that is defined, then all that is
 * used.
 */
final class GraphLinker {
    private final Decoding decoding;
    private final GraphDraft draft;
    private final Graph graph;
    private final @Nullable GraphLinker outer;
    private final Map<String, Value> defined = new HashMap<>();

    private GraphLinker(Decoding decoding, GraphDraft draft, @Nullable GraphLinker outer) {
        this.decoding = decoding;
        this.draft = draft;
        this.graph = draft.graph;
        this.outer = outer;
    }

    /** Links a graph and its subgraphs. */
    static void link(Decoding decoding, GraphDraft draft) throws IOException {
        new GraphLinker(decoding, draft, null).link();
    }

    private void link() throws IOException {
        defineInputs();
        defineInitializers();
        for (NodeDecoder.NodeDraft node : draft.nodes) {
            defineOutputs(node);
        }
        for (NodeDecoder.NodeDraft node : draft.nodes) {
            for (String name : node.inputs()) {
                node.node().addInput(name.isEmpty() ? null : resolve(name, node.node()));
            }
            for (GraphDraft subgraph : node.subgraphs()) {
                new GraphLinker(decoding, subgraph, this).link();
            }
        }
        for (ValueInfoDecoder.ValueInfo output : draft.outputs) {
            Value value = resolve(output.name(), graph);
            describe(value, output);
            graph.addOutput(value);
        }
        Remainder homeless = placeValueInfos();
        graph.setRemainder(draft.remainder.build().and(homeless));
    }

    private void defineInputs() throws OnnxFormatException {
        for (ValueInfoDecoder.ValueInfo input : draft.inputs) {
            Value value = define(input.name(), "an input");
            describe(value, input);
            graph.addInput(value);
        }
    }

    private void defineInitializers() throws OnnxFormatException {
        for (Tensor tensor : draft.initializers) {
            // Before IR version 4 every initializer is listed as an input, too; later that makes it
            // overridable.
            Value input = defined.get(tensor.name());
            Value value = input == null ? define(tensor.name(), "an initializer") : input;
            if (graph.initializer(value) != null) {
                throw decoding.damaged(
                        "graph " + graph + " has two initializers \"" + tensor.name() + '"');
            }
            graph.setInitializer(value, tensor);
        }
        for (String name : draft.sparseInitializers) {
            Value input = defined.get(name);
            graph.addSparseInitializer(
                    input == null ? define(name, "a sparse initializer") : input);
        }
    }

    private void defineOutputs(NodeDecoder.NodeDraft node) throws OnnxFormatException {
        graph.add(node.node());
        for (String name : node.outputs()) {
            node.node().addOutput(name.isEmpty() ? null : define(name, node.node()));
        }
    }

    private Value define(String name, Object role) throws OnnxFormatException {
        if (name.isEmpty()) {
            throw decoding.damaged(
                    "a value defined by " + role + " of graph " + graph + " has no name");
        }
        Value value = new Value(name);
        if (defined.putIfAbsent(name, value) != null) {
            throw decoding.damaged(
                    "the value \""
                            + name
                            + "\" of graph "
                            + graph
                            + " is defined twice, the second time by "
                            + role);
        }
        return value;
    }

    private Value resolve(String name, Object user) throws OnnxFormatException {
        for (GraphLinker scope = this; scope != null; scope = scope.outer) {
            Value value = scope.defined.get(name);
            if (value != null) {
                return value;
            }
        }
        throw decoding.damaged(
                "the value \""
                        + name
                        + "\" is used by "
                        + (user == graph ? "the outputs of graph " : "")
                        + user
                        + ", but no node makes it and it is neither an input nor an initializer");
    }

    /** Gives values their types; entries for names that are not in this graph are kept encoded. */
    private Remainder placeValueInfos() throws IOException {
        Remainder homeless = Remainder.NONE;
        for (ValueInfoDecoder.ValueInfo info : draft.valueInfos) {
            Value value = defined.get(info.name());
            if (value == null || graph.listedInfos().contains(value)) {
                homeless =
                        homeless.and(
                                new Remainder(
                                        List.of(
                                                decoding.input.range(
                                                        info.fieldStart(),
                                                        info.end(),
                                                        Integer.MAX_VALUE))));
            } else {
                describe(value, info);
                graph.listInfo(value);
            }
        }
        return homeless;
    }

    private static void describe(Value value, ValueInfoDecoder.ValueInfo info) {
        if (!value.hasInfo()) {
            value.setInfo(info.elementType(), info.shape(), info.encodedType(), info.remainder());
        }
    }
}
