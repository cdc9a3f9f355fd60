package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Element types, shapes and constants of a model's values: what the model states, and what follows
 * from it in a pass over the nodes. Many exporters state no types between input and output, and an
 * adapter such as {@link SoftmaxOverFlattenedAxes} needs at least the rank.
 *
 * <p>Nothing here is guessed: what does not follow is null. A snapshot of the model as it was when
 * the pass ran; values created later have no facts, constants apart.
 */
public final class ValueFacts {

    private final Map<Value, ElementType> types = new HashMap<>();
    private final ValueShapes shapes;
    private final Constants constants;

    private ValueFacts(Model model) {
        shapes = ValueShapes.of(model);
        constants = new Constants(model);
    }

    /** Goes through the model once. */
    public static ValueFacts of(Model model) {
        ValueFacts facts = new ValueFacts(model);
        facts.visit(model.graph());
        return facts;
    }

    /** The element type; null when nothing says it. */
    public @Nullable ElementType elementType(@Nullable Value value) {
        return value == null ? null : types.get(value);
    }

    /** The shapes. */
    public ValueShapes shapes() {
        return shapes;
    }

    /** The constant that a value always holds; null when there is none, see {@link Constants}. */
    @Nullable Tensor constant(@Nullable Value value) {
        return value == null ? null : constants.resolve(value).orElse(null);
    }

    private void visit(Graph graph) {
        for (Value input : graph.inputs()) {
            state(input);
        }
        for (Map.Entry<Value, Tensor> initializer : graph.initializers().entrySet()) {
            types.put(initializer.getKey(), initializer.getValue().elementType());
        }
        for (Node node : graph.nodes()) {
            for (Graph subgraph : node.subgraphs()) {
                visit(subgraph);
            }
            conclude(node);
        }
    }

    private void state(Value value) {
        ElementType type = value.elementType();
        if (type != null) {
            types.put(value, type);
        }
    }

    private void conclude(Node node) {
        // In a function, attributes may refer to the call; then nothing is known.
        boolean stated = Attribute.unreadOf(node) == null;
        List<@Nullable Value> outputs = node.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            Value output = outputs.get(i);
            if (output == null) {
                continue;
            }
            if (stated) {
                infer(node, i, output);
            }
            // What the model states goes first.
            state(output);
        }
    }

    private void infer(Node node, int index, Value output) {
        Tensor constant = node.is("Constant") ? constant(output) : null;
        ElementType type =
                constant == null ? TypeRules.infer(node, index, this) : constant.elementType();
        if (type != null) {
            types.put(output, type);
        }
    }
}
