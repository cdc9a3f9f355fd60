package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The shapes of a model's values: what the model states and what follows from it in one pass over
 * the nodes; and, of the small integer vectors that models compute from shapes, the elements. Sizes
 * are {@link Extent}s. Nothing is guessed; what does not follow is null.
 *
 * <p>Dimensions that a graph gives the same name are taken to be equal, as the specification says.
 *
 * <p>A snapshot; cost O(nodes), without reading tensors of more than {@value #MOST_ELEMENTS}
 * elements.
 */
public final class ValueShapes {

    /** Longer than every list of sizes, axes or bounds. */
    static final int MOST_ELEMENTS = 64;

    /** More axes than any real tensor has. */
    private static final int MOST_AXES = 64;

    private final Constants constants;
    private final Extent.Symbols symbols = new Extent.Symbols();
    private final Map<Value, long[]> shapes = new HashMap<>();
    private final Map<Value, long[]> elements = new HashMap<>();

    private ValueShapes(Model model) {
        constants = new Constants(model);
    }

    /** Goes through a model whose nodes are in order. */
    public static ValueShapes of(Model model) {
        return of(model, Map.of());
    }

    /**
     * Goes through a model whose nodes are in order, for inputs of certain shapes.
     *
     * @param inputs shapes of some inputs or all, by name
     */
    public static ValueShapes of(Model model, Map<String, long[]> inputs) {
        ValueShapes shapes = new ValueShapes(model);
        shapes.visit(model.graph(), inputs);
        return shapes;
    }

    private void visit(Graph graph, Map<String, long[]> given) {
        Map<String, Long> named = new HashMap<>();
        for (Value input : graph.inputs()) {
            long[] sizes = given.get(input.name());
            if (sizes != null) {
                give(input, sizes, named);
            }
        }
        for (Value input : graph.inputs()) {
            state(input, named);
        }
        for (Map.Entry<Value, Tensor> initializer : graph.initializers().entrySet()) {
            if (constants.resolve(initializer.getKey()).isPresent()) {
                hold(initializer.getKey(), initializer.getValue());
            }
        }
        for (Node node : graph.nodes()) {
            for (Graph subgraph : node.subgraphs()) {
                visit(subgraph, Map.of());
            }
            conclude(node, named);
        }
    }

    /** The shape of a value, one {@link Extent} per axis; null when not even the rank follows. */
    public long @Nullable [] shape(@Nullable Value value) {
        return value == null ? null : shapes.get(value);
    }

    /** The sizes of a value when all are known; null otherwise. */
    public long @Nullable [] sizes(@Nullable Value value) {
        long[] shape = shape(value);
        return shape == null || !Extent.areKnown(shape) ? null : shape;
    }

    /**
     * The elements of an integer scalar or vector, {@link Extent}s each; null when nothing is known
     * of them.
     */
    public long @Nullable [] elements(@Nullable Value value) {
        return value == null ? null : elements.get(value);
    }

    /** The elements of an integer scalar or vector when all are known; null otherwise. */
    public long @Nullable [] integers(@Nullable Value value) {
        long[] found = elements(value);
        return found == null || !Extent.areKnown(found) ? null : found;
    }

    /** The numbers of a small constant float tensor; null for anything else. */
    public float @Nullable [] numbers(@Nullable Value value) {
        Tensor tensor = value == null ? null : constants.resolve(value).orElse(null);
        if (tensor == null || tensor.elementType() != ElementType.FLOAT || !isReadable(tensor)) {
            return null;
        }
        try {
            return tensor.floats();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Extent.Symbols symbols() {
        return symbols;
    }

    private static boolean isReadable(Tensor tensor) {
        return tensor.elementCount() <= MOST_ELEMENTS && !(tensor.data() instanceof Pending);
    }

    private void give(Value input, long[] sizes, Map<String, Long> named) {
        shapes.put(input, sizes.clone());
        Shape stated = input.shape();
        if (stated != null && stated.dimensions().size() == sizes.length) {
            for (int axis = 0; axis < sizes.length; axis++) {
                if (stated.dimensions().get(axis) instanceof Dimension.Symbolic symbol) {
                    named.putIfAbsent(symbol.name(), sizes[axis]);
                }
            }
        }
    }

    private void state(Value value, Map<String, Long> named) {
        Shape stated = value.shape();
        if (stated == null) {
            return;
        }
        List<Dimension> dimensions = stated.dimensions();
        long[] known = shapes.get(value);
        if (known != null && known.length != dimensions.size()) {
            return;
        }
        long[] merged = new long[dimensions.size()];
        for (int axis = 0; axis < merged.length; axis++) {
            merged[axis] =
                    switch (dimensions.get(axis)) {
                        case Dimension.Known size -> size.size();
                        case Dimension.Symbolic symbol ->
                                known != null
                                        ? known[axis]
                                        : named.computeIfAbsent(symbol.name(), _ -> symbols.size());
                        case Dimension.Unknown _ -> known != null ? known[axis] : symbols.size();
                    };
            if (known != null && Extent.isKnown(known[axis])) {
                merged[axis] = known[axis];
            }
        }
        shapes.put(value, merged);
    }

    private void hold(Value value, Tensor tensor) {
        shapes.put(value, tensor.shape());
        long[] integers = tensor.rank() <= 1 ? integers(tensor) : null;
        if (integers != null) {
            elements.put(value, integers);
        }
    }

    /** The integers of a small int64 or int32 tensor; null for anything else. */
    static long @Nullable [] integers(Tensor tensor) {
        ElementType type = tensor.elementType();
        if ((type != ElementType.INT64 && type != ElementType.INT32) || !isReadable(tensor)) {
            return null;
        }
        try {
            long[] integers = tensor.longs();
            boolean plain = Arrays.stream(integers).allMatch(Extent::isKnown);
            return plain ? integers : null;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void conclude(Node node, Map<String, Long> named) {
        boolean stated = Attribute.unreadOf(node) == null;
        for (int index = 0; index < node.outputs().size(); index++) {
            Value output = node.output(index);
            if (output == null) {
                continue;
            }
            if (node.is("Constant")) {
                constants.resolve(output).ifPresent(tensor -> hold(output, tensor));
            } else if (node.domain().isEmpty() && stated) {
                infer(node, index, output);
            }
            state(output, named);
        }
    }

    private void infer(Node node, int index, Value output) {
        long[] shape = ShapeInference.infer(node, index, this);
        if (shape == null || shape.length > MOST_AXES) {
            return;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            // Only a broken model asks for sizes below 0.
            shape[axis] = Extent.isSize(shape[axis]) ? shape[axis] : symbols.size();
        }
        shapes.put(output, shape);
        if (shape.length <= 1 && index == 0) {
            long[] found = ElementInference.infer(node, this);
            boolean fits =
                    found != null
                            && found.length <= MOST_ELEMENTS
                            && (shape.length == 0 ? found.length == 1 : true);
            if (found != null && fits) {
                elements.put(output, found);
                if (shape.length == 1) {
                    shapes.put(output, new long[] {found.length});
                }
            }
        }
    }
}
