package dev.fewbit.train.graph;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.OpsetRaiser;
import dev.fewbit.train.operator.Call;
import dev.fewbit.train.operator.Operator;
import dev.fewbit.train.operator.OperatorException;
import dev.fewbit.train.operator.Operators;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs an ONNX graph on libtorch, node by node, so that gradients of its outputs with respect to
 * its constants can be had.
 *
 * <p>A value is let go as soon as its last reader has run; what gradients need of it, libtorch
 * keeps. Not thread-safe.
 */
public final class Interpreter implements AutoCloseable {
    private final Model model;
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();
    private final Map<Node, Operator> operators = new HashMap<>();
    private final Lifetimes lifetimes = new Lifetimes();

    private Interpreter(Model model) {
        this.model = model;
    }

    /**
     * For a model; its constants are copied.
     *
     * @param model is raised to the newest opset, its nodes brought into order, and must not be
     *     changed afterwards
     * @throws OperatorException naming nodes whose operators are not supported, and constants of
     *     types that cannot be computed with
     */
    public static Interpreter of(Model model) throws IOException {
        OpsetRaiser.raise(model, OpsetRaiser.MAXIMUM);
        if (!model.graph().isSorted()) {
            model.graph().sort();
        }
        Interpreter interpreter = new Interpreter(model);
        try {
            interpreter.load(model.graph());
            return interpreter;
        } catch (IOException | RuntimeException failure) {
            interpreter.close();
            throw failure;
        }
    }

    private void load(Graph graph) throws IOException {
        Set<String> unsupported = new LinkedHashSet<>();
        load(graph, unsupported);
        if (!unsupported.isEmpty()) {
            throw new OperatorException(
                    "%d parts of the network cannot be trained through: %s"
                            .formatted(
                                    unsupported.size(),
                                    String.join(", ", unsupported.stream().limit(10).toList())));
        }
    }

    private void load(Graph graph, Set<String> unsupported) throws IOException {
        lifetimes.add(graph);
        for (Map.Entry<Value, dev.fewbit.onnx.graph.Tensor> entry :
                graph.initializers().entrySet()) {
            if (Tensors.computesWith(entry.getValue().elementType())) {
                constants.put(entry.getKey(), Tensors.of(entry.getValue()));
            } else if (lifetimes.isNeeded(entry.getKey())) {
                unsupported.add(
                        "constant \"%s\"".formatted(entry.getKey())
                                + " of type "
                                + entry.getValue().elementType());
            }
        }
        for (Value sparse : graph.sparseInitializers()) {
            unsupported.add("sparse constant \"%s\"".formatted(sparse));
        }
        for (Node node : graph.nodes()) {
            Operator operator = Operators.of(node);
            if (operator == null) {
                unsupported.add(node.toString());
            } else {
                operators.put(node, operator);
            }
            for (Graph inner : node.subgraphs()) {
                load(inner, unsupported);
            }
        }
    }

    /** The model as it runs. */
    public Model model() {
        return model;
    }

    /**
     * The constants of all graphs, which may be changed in place, and made to want gradients; those
     * of the model's own graph first.
     */
    public Map<Value, Tensor> constants() {
        return constants;
    }

    /**
     * Runs the network.
     *
     * @param inputs values of the graph's inputs, in their order; stay the caller's
     * @return values of the graph's outputs, in their order; the caller's, to be closed
     * @throws OperatorException naming the node that could not be computed
     */
    public List<Tensor> run(List<Tensor> inputs, Taps taps) {
        List<Value> names =
                model.graph().inputs().stream().filter(input -> !isConstant(input)).toList();
        if (inputs.size() != names.size()) {
            throw new IllegalArgumentException(
                    "the network has %d inputs, got %d".formatted(names.size(), inputs.size()));
        }
        return new Frame(null, model.graph(), taps).run(names, inputs);
    }

    private boolean isConstant(Value value) {
        return constants.containsKey(value);
    }

    /** One run of one graph. */
    private final class Frame {
        private final @Nullable Frame outer;
        private final Graph graph;
        private final Taps taps;
        private final Map<Value, Tensor> values = new HashMap<>();

        Frame(@Nullable Frame outer, Graph graph, Taps taps) {
            this.outer = outer;
            this.graph = graph;
            this.taps = taps;
        }

        List<Tensor> run(List<Value> names, List<Tensor> inputs) {
            try {
                for (int i = 0; i < names.size(); i++) {
                    keepAnother(names.get(i), inputs.get(i));
                }
                for (Value value : graph.initializers().keySet()) {
                    Tensor constant = constants.get(value);
                    if (constant != null) {
                        keepAnother(value, constant);
                    }
                }
                for (Node node : graph.nodes()) {
                    run(node);
                }
                List<Tensor> outputs = new ArrayList<>();
                for (Value output : graph.outputs()) {
                    outputs.add(value(output).alias());
                }
                return outputs;
            } finally {
                values.values().forEach(Tensor::close);
            }
        }

        /** What is somebody else's is kept as an object of its own. */
        private void keepAnother(Value value, Tensor tensor) {
            try (PointerScope _ = new PointerScope()) {
                keep(value, tensor.alias());
            }
        }

        /** Keeps a value beyond the scope in which it was made, until its last reader has run. */
        private void keep(Value value, Tensor tensor) {
            if (lifetimes.isNeeded(value)) {
                Tensor exchanged = taps.made(value, tensor);
                exchanged.retainReference();
                values.put(value, exchanged);
            }
        }

        private Tensor value(Value value) {
            for (Frame frame = this; frame != null; frame = frame.outer) {
                Tensor tensor = frame.values.get(value);
                if (tensor != null) {
                    return tensor;
                }
            }
            throw new OperatorException("there is no value '" + value.name() + "'");
        }

        private void run(Node node) {
            // Whatever an operator makes on the way is let go when it is done.
            try (PointerScope _ = new PointerScope()) {
                List<@Nullable Tensor> inputs = new ArrayList<>();
                for (int i = 0; i < node.inputs().size(); i++) {
                    Value input = node.input(i);
                    inputs.add(input == null ? null : taps.read(node, i, value(input)));
                }
                List<? extends @Nullable Tensor> outputs = compute(node, inputs);
                for (int i = 0; i < node.outputs().size(); i++) {
                    Value output = node.output(i);
                    if (output != null) {
                        Tensor tensor = i < outputs.size() ? outputs.get(i) : null;
                        if (tensor != null) {
                            keep(output, tensor);
                        } else if (lifetimes.isNeeded(output)) {
                            throw new OperatorException(node + " does not make its output " + i);
                        }
                    }
                }
            }
            release(node);
        }

        private List<? extends @Nullable Tensor> compute(Node node, List<@Nullable Tensor> inputs) {
            Operator operator = operators.get(node);
            if (operator == null) {
                throw new OperatorException(node + " is not supported");
            }
            try {
                return operator.run(new Call(node, inputs, this::subgraph));
            } catch (OperatorException failure) {
                throw failure;
            } catch (RuntimeException failure) {
                // libtorch appends a trace of its own calls.
                String message = String.valueOf(failure.getMessage());
                throw new OperatorException(
                        node + " cannot be computed: " + message.lines().findFirst().orElse(""),
                        failure);
            }
        }

        private List<Tensor> subgraph(Graph inner, List<Tensor> inputs) {
            return new Frame(this, inner, taps).run(inner.inputs(), inputs);
        }

        private void release(Node node) {
            for (Value value : lifetimes.endingWith(node)) {
                Tensor tensor = values.remove(value);
                if (tensor != null) {
                    tensor.close();
                }
            }
        }
    }

    @Override
    public void close() {
        constants.values().forEach(Tensor::close);
    }
}
