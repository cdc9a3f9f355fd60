package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport;
import dev.fewbit.onnx.integer.IntegerSupport.FloatOnly;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a plan says about operators and activations, matched with the nodes and values of a model.
 * Nothing is changed here.
 *
 * <p>Two kinds of nodes belong to the integer node before them, which has no other reader and whose
 * output is not quantized: an Add of a constant behind a MatMul, which is its bias, and a Relu or
 * Clip that the plan does not name.
 */
final class IntegerGraph {
    private final Map<Node, IntegerSupport> nodes = new LinkedHashMap<>();
    private final Map<Value, ActivationPlan> activations = new LinkedHashMap<>();
    private final Map<Node, ActivationPlan> inputs = new LinkedHashMap<>();
    private final Map<Node, Integer> addedBiases = new LinkedHashMap<>();
    private final Constants constants;

    private IntegerGraph(Model model) {
        this.constants = new Constants(model);
    }

    /**
     * Finds what the plan names.
     *
     * @throws EncodingException if the model has no such value or node, or no kernel for it
     */
    static IntegerGraph of(Model model, Plan plan) {
        IntegerGraph found = new IntegerGraph(model);
        if (plan.graph().activations().isEmpty() && plan.graph().operators().isEmpty()) {
            return found;
        }
        found.findActivations(model, plan.graph().activations());
        found.findOperators(model, plan.graph().operators());
        return found;
    }

    /** The nodes that compute in integers, and what they can do. */
    Map<Node, IntegerSupport> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /** The values that are quantized. */
    Map<Value, ActivationPlan> activations() {
        return Collections.unmodifiableMap(activations);
    }

    /** The nodes whose data input is rounded to levels of its own, and those levels. */
    Map<Node, ActivationPlan> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /** The levels of what a node reads through an input that is quantized. */
    ActivationPlan levels(Node node, int input) {
        ActivationPlan own = input == 0 ? inputs.get(node) : null;
        return own != null
                ? own
                : Objects.requireNonNull(
                        activations.get(Objects.requireNonNull(node.input(input))));
    }

    /** The Add nodes that give a MatMul its bias, and through which input they read it. */
    Map<Node, Integer> addedBiases() {
        return Collections.unmodifiableMap(addedBiases);
    }

    Constants constants() {
        return constants;
    }

    /** Whether a node computes in integers. */
    boolean isInteger(@Nullable Node node) {
        return node != null && nodes.containsKey(node);
    }

    /** The value whose codes a quantized value has: its own, unless a node only moved them. */
    Value origin(Value value) {
        Node producer = value.producer();
        Value input = producer == null ? null : producer.input(0);
        return input != null
                        && nodes.get(producer) instanceof MovesData
                        && activations.containsKey(input)
                ? origin(input)
                : value;
    }

    /** The nodes that read a value on integer kernels, or as those do. */
    List<Node> integerReaders(Value value) {
        return value.consumers().stream()
                .filter(
                        reader ->
                                activationInputs(reader).stream()
                                        .anyMatch(index -> reader.input(index) == value))
                .toList();
    }

    /** The inputs through which a node reads activations; none if it computes in float. */
    List<Integer> activationInputs(Node reader) {
        IntegerSupport support = nodes.get(reader);
        if (support == null) {
            return List.of();
        }
        return switch (support) {
            case Kernel kernel -> kernel.activations();
            case MovesData moves -> moves.activations();
            case Limits limits -> limits.activations();
            case FloatOnly _ -> List.of();
        };
    }

    /**
     * The only node that reads a value; null if there is none or are several, or a graph delivers
     * it.
     */
    static @Nullable Node onlyReader(Value value) {
        List<Node> readers = value.consumers();
        return readers.size() == 1 && !value.isGraphOutput() ? readers.getFirst() : null;
    }

    private void findActivations(Model model, List<ActivationPlan> plans) {
        Map<String, Value> values = new HashMap<>();
        collect(model.graph(), values);
        for (ActivationPlan plan : plans) {
            Value value = values.get(plan.value());
            if (value == null) {
                throw new EncodingException(
                        "the plan quantizes value '"
                                + plan.value()
                                + "', but the model has no value of that name; is it the plan of"
                                + " another model, or one that was prepared in another way?");
            }
            ElementType type = value.elementType();
            if (type != null && type != ElementType.FLOAT) {
                throw new EncodingException(
                        "the plan quantizes value '"
                                + plan.value()
                                + "', which is of "
                                + type
                                + "; only 32-bit floats can be quantized");
            }
            activations.put(value, plan);
        }
    }

    private static void collect(Graph graph, Map<String, Value> values) {
        graph.inputs().forEach(value -> values.put(value.name(), value));
        graph.initializers().keySet().forEach(value -> values.put(value.name(), value));
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                if (output != null) {
                    values.put(output.name(), output);
                }
            }
            node.subgraphs().forEach(subgraph -> collect(subgraph, values));
        }
    }

    private void findOperators(Model model, List<OperatorPlan> plans) {
        Map<String, OperatorPlan> byLabel = new HashMap<>();
        plans.forEach(plan -> byLabel.put(plan.node(), plan));
        Set<String> seen = new HashSet<>();
        Set<Node> floats = new HashSet<>();
        List<Node> all = model.graph().allNodes();
        for (Node node : all) {
            OperatorPlan plan = byLabel.get(Labels.of(node));
            if (plan == null) {
                continue;
            }
            if (!seen.add(plan.node())) {
                throw new EncodingException(
                        "the plan decides about node '"
                                + plan.node()
                                + "', but several nodes have that name; name them differently");
            }
            if (plan.arithmetic() == Arithmetic.INTEGER) {
                nodes.put(node, support(node, plan));
                plan.input().ifPresent(input -> inputs.put(node, input.of(nameOfInput(node))));
            } else {
                floats.add(node);
            }
        }
        for (OperatorPlan plan : plans) {
            if (!seen.contains(plan.node())) {
                throw new EncodingException(
                        "the plan decides about node '"
                                + plan.node()
                                + "', but the model has no node of that name; is it the plan of"
                                + " another model, or one that was prepared in another way?");
            }
        }
        all.forEach(node -> attach(node, floats));
    }

    private static String nameOfInput(Node node) {
        Value input = node.input(0);
        return input == null ? "" : input.name();
    }

    private IntegerSupport support(Node node, OperatorPlan plan) {
        if (!node.opType().equals(plan.operator())) {
            throw new EncodingException(
                    "node '"
                            + plan.node()
                            + "' is "
                            + node.opType()
                            + ", but the plan says "
                            + plan.operator()
                            + "; make a new plan");
        }
        IntegerSupport support = IntegerOperators.of(node, constants);
        if (support instanceof FloatOnly(String reason)) {
            throw new EncodingException(
                    "node '"
                            + plan.node()
                            + "' ("
                            + plan.operator()
                            + ") cannot compute in integers: "
                            + reason
                            + "; let it compute in float");
        }
        return support;
    }

    /** Adds what belongs to an integer node; nodes are visited in the order of the graph. */
    private void attach(Node node, Set<Node> floats) {
        Value output = node.output(0);
        if (output == null
                || !(nodes.get(node) instanceof Kernel)
                || activations.containsKey(output)) {
            return;
        }
        Node reader = onlyReader(output);
        if (reader == null || reader.graph() != node.graph()) {
            return;
        }
        if (node.is("MatMul") && reader.is("Add")) {
            int bias = reader.input(0) == output ? 1 : 0;
            if (isBias(node, reader.input(bias))) {
                addedBiases.put(reader, bias);
                nodes.put(
                        reader,
                        new Kernel(List.of(), OptionalInt.empty(), OptionalInt.of(bias), true));
            }
        } else if (!floats.contains(reader)
                && IntegerOperators.of(reader, constants) instanceof Limits limits) {
            nodes.put(reader, limits);
        }
    }

    /** Whether a constant is a vector along the columns of a product. */
    private boolean isBias(Node product, @Nullable Value value) {
        if (value == null || activations.containsKey(value)) {
            return false;
        }
        Tensor tensor = constants.resolve(value).orElse(null);
        return tensor != null
                && tensor.elementType() == ElementType.FLOAT
                && tensor.rank() >= 1
                && tensor.dimension(tensor.rank() - 1) == columns(product);
    }

    /** Number of columns of a product with a constant matrix; -1 if it is not constant. */
    private long columns(Node product) {
        Value right = product.input(1);
        boolean turned = false;
        while (right != null) {
            right = Constants.origin(right);
            Tensor matrix = constants.resolve(right).orElse(null);
            if (matrix != null) {
                return matrix.dimension(matrix.rank() - (turned ? 2 : 1));
            }
            Node producer = right.producer();
            if (producer == null || !producer.is("Transpose")) {
                return -1;
            }
            turned = !turned;
            right = producer.input(0);
        }
        return -1;
    }
}
