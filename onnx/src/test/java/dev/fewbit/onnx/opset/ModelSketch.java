package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Puts small models of a given opset together for tests. */
final class ModelSketch {

    private final Model model;
    private final Graph graph;

    ModelSketch(int opset) {
        graph = new Graph("test");
        model = new Model(Math.max(4, IrVersions.minimumFor(opset)), graph);
        model.setOpset("", opset);
    }

    private ModelSketch(Model model, Graph graph) {
        this.model = model;
        this.graph = graph;
    }

    /** A graph to be used as an attribute of a node of this model. */
    ModelSketch subgraph(String name) {
        return new ModelSketch(model, new Graph(name));
    }

    /** An input; an Integer or Long is a size, a String a symbolic one. */
    Value input(String name, ElementType type, Object... sizes) {
        Value value = new Value(name);
        List<Dimension> dimensions = Arrays.stream(sizes).map(ModelSketch::dimension).toList();
        value.setType(type, new Shape(dimensions));
        graph.addInput(value);
        return value;
    }

    Value floats(String name, Object... sizes) {
        return input(name, ElementType.FLOAT, sizes);
    }

    Value constant(String name, Tensor tensor) {
        return graph.addInitializer(name, tensor);
    }

    /** A constant float tensor of a shape, with the values i * step + start. */
    Value ramp(String name, double start, double step, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (start + step * i);
        }
        return constant(name, Tensor.ofFloats(shape, values));
    }

    Value integers(String name, long... values) {
        return constant(name, Tensor.ofLongs(new long[] {values.length}, values));
    }

    /** A node with this many outputs. */
    Node node(String operator, int outputs, Consumer<Node> attributes, Value... inputs) {
        Node node = new Node(operator, graph.freshName(operator.toLowerCase(Locale.ROOT)), inputs);
        attributes.accept(node);
        graph.add(node);
        for (int i = 0; i < outputs; i++) {
            node.addOutput(graph.freshName(node.name() + "_out"));
        }
        return node;
    }

    /** The only output of a new node. */
    Value apply(String operator, Consumer<Node> attributes, Value... inputs) {
        return node(operator, 1, attributes, inputs).onlyOutput();
    }

    Value apply(String operator, Value... inputs) {
        return apply(operator, _ -> {}, inputs);
    }

    /** Delivers values whose type is left to the runtime's inference. */
    ModelSketch deliver(Value... outputs) {
        for (Value output : outputs) {
            graph.addOutput(output);
        }
        return this;
    }

    /** Delivers every output of a node. */
    ModelSketch deliver(Node node) {
        return deliver(node.outputs().toArray(Value[]::new));
    }

    private static Dimension dimension(Object size) {
        return size instanceof Number number
                ? new Dimension.Known(number.longValue())
                : new Dimension.Symbolic((String) size);
    }

    Graph graph() {
        return graph;
    }

    Model model() {
        graph.verify();
        return model;
    }
}
