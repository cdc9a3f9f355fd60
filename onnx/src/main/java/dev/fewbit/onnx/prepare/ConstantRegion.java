package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.OpsetImport;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The nodes of a model's own graph that depend on constants alone, and the values at their
 * frontier: those that are read by a node that stays. A node stays when it is outside, or inside
 * but kept because its result is too large to store.
 */
final class ConstantRegion {

    /** Initializers from this version on need not be inputs too. */
    private static final long IR_WITH_FREE_INITIALIZERS = 4;

    private final Model model;
    private final Constants constants;
    private final Set<Node> nodes = new LinkedHashSet<>();
    private final Set<Node> superfluous = new LinkedHashSet<>();
    private final Set<Value> frontier = new LinkedHashSet<>();

    private ConstantRegion(Model model) {
        this.model = model;
        this.constants = new Constants(model);
    }

    /**
     * Finds the region of a model whose nodes are in order.
     *
     * @param eligible nodes that may belong to it
     * @param kept nodes whose results are not stored
     */
    static ConstantRegion of(Model model, Predicate<Node> eligible, Predicate<Node> kept) {
        ConstantRegion region = new ConstantRegion(model);
        for (Node node : model.graph().nodes()) {
            boolean reads = node.inputs().stream().anyMatch(input -> input != null);
            boolean delivers =
                    node.outputs().stream()
                            .anyMatch(output -> output != null && output.isGraphOutput());
            if (reads
                    && !delivers
                    && node.inputs().stream().allMatch(region::isConstant)
                    && eligible.test(node)) {
                region.nodes.add(node);
            }
        }
        region.nodes.stream().filter(kept.negate()).forEach(region.superfluous::add);
        for (Node node : region.superfluous) {
            for (Value output : node.outputs()) {
                if (output != null && !region.superfluous.containsAll(output.consumers())) {
                    region.frontier.add(output);
                }
            }
        }
        return region;
    }

    private boolean isConstant(@Nullable Value value) {
        if (value == null) {
            return true;
        }
        Node producer = value.producer();
        return producer != null ? nodes.contains(producer) : constants.resolve(value).isPresent();
    }

    /** The values that a node that stays reads. */
    Set<Value> frontier() {
        return frontier;
    }

    /** The nodes of the region. */
    Set<Node> nodes() {
        return nodes;
    }

    /** The nodes that are not needed once the frontier is stored. */
    Set<Node> superfluous() {
        return superfluous;
    }

    /** Bytes of the initializers that are needed for this value and for no node that stays. */
    long replacedBytes(Value value) {
        long bytes = 0;
        for (Value source : sources(value)) {
            Tensor tensor = source.initializer();
            if (tensor != null
                    && !source.isGraphOutput()
                    && superfluous.containsAll(source.consumers())) {
                bytes += tensor.byteSize();
            }
        }
        return bytes;
    }

    private Set<Value> sources(Value value) {
        Set<Value> seen = new LinkedHashSet<>();
        Deque<Value> open = new ArrayDeque<>();
        open.add(value);
        while (!open.isEmpty()) {
            Value next = open.remove();
            if (!seen.add(next)) {
                continue;
            }
            Node producer = next.producer();
            if (producer != null) {
                producer.inputs().stream().filter(input -> input != null).forEach(open::add);
            }
        }
        return seen;
    }

    /** A model without inputs that computes these values of the region; names are the same. */
    Model toModel(Collection<Value> wanted) {
        Set<Value> needed = new LinkedHashSet<>();
        wanted.forEach(value -> needed.addAll(sources(value)));
        Graph graph = new Graph("constants");
        Map<Value, Value> copies = new HashMap<>();
        for (Value value : needed) {
            Tensor tensor = value.initializer();
            if (tensor != null) {
                copies.put(value, graph.addInitializer(value.name(), tensor));
            }
        }
        for (Node node : nodes) {
            if (node.outputs().stream().anyMatch(needed::contains)) {
                copy(node, graph, copies);
            }
        }
        for (Value value : wanted) {
            graph.addOutput(Objects.requireNonNull(copies.get(value), "a value of the region"));
        }
        Model copy = new Model(Math.max(model.irVersion(), IR_WITH_FREE_INITIALIZERS), graph);
        for (OpsetImport opset : model.opsets()) {
            copy.setOpset(opset);
        }
        return copy;
    }

    private static void copy(Node node, Graph graph, Map<Value, Value> copies) {
        Node copy = new Node(node.domain(), node.opType(), node.name());
        for (Value input : node.inputs()) {
            copy.addInput(input == null ? null : copies.get(input));
        }
        for (Attribute attribute : node.attributes()) {
            copy.setAttribute(attribute);
        }
        for (Value output : node.outputs()) {
            if (output == null) {
                copy.addOutput((Value) null);
            } else {
                copies.put(output, copy.addOutput(output.name()));
            }
        }
        graph.add(copy);
    }
}
