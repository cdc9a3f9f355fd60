package dev.fewbit.encoding;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Builds small float networks with random constants, and inputs to run them on. */
final class NetBuilder {
    static final int OPSET = 13;

    private final Graph graph = new Graph("net");
    private final Map<String, NumberArray> inputs = new LinkedHashMap<>();

    /** Normally distributed input; its shape is known to the model. */
    Value input(String name, long... shape) {
        return input(name, Shape.of(shape), shape);
    }

    /** Normally distributed input of which the model knows only the last size. */
    Value dynamicInput(String name, long... shape) {
        List<Dimension> dimensions =
                IntStream.range(0, shape.length)
                        .<Dimension>mapToObj(
                                axis ->
                                        axis == shape.length - 1
                                                ? new Dimension.Known(shape[axis])
                                                : new Dimension.Symbolic(name + axis))
                        .toList();
        return input(name, new Shape(dimensions), shape);
    }

    private Value input(String name, Shape stated, long[] shape) {
        Value value = new Value(name);
        value.setType(ElementType.FLOAT, stated);
        graph.addInput(value);
        inputs.put(name, NumberArray.ofFloats(random(shape, name), shape));
        return value;
    }

    /** Alternating truth values. */
    Value condition(String name, long... shape) {
        Value value = new Value(name);
        value.setType(ElementType.BOOL, Shape.of(shape));
        graph.addInput(value);
        byte[] truth = new byte[count(shape)];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = (byte) (i * 7 / 3 % 2);
        }
        inputs.put(name, new NumberArray(NumberType.BOOL, shape, ByteBuffer.wrap(truth)));
        return value;
    }

    /** A normally distributed constant. */
    Value constant(String name, long... shape) {
        return graph.addInitializer(name, Tensor.ofFloats(shape, random(shape, name)));
    }

    /** A constant number. */
    Value number(String name, float value) {
        return graph.addInitializer(name, Tensor.ofFloats(new long[0], value));
    }

    /** Constant numbers. */
    Value numbers(String name, float... values) {
        return graph.addInitializer(name, Tensor.ofFloats(new long[] {values.length}, values));
    }

    /** Constant integers: a shape, axes. */
    Value longs(long... values) {
        return graph.addInitializer(
                graph.freshName("longs"), Tensor.ofLongs(new long[] {values.length}, values));
    }

    /** Constant integers one below the other. */
    Value column(long... values) {
        return graph.addInitializer(
                graph.freshName("column"), Tensor.ofLongs(new long[] {values.length, 1}, values));
    }

    /** A node with one output, both named after the operator. */
    Value node(String operator, Value... nodeInputs) {
        return node(operator, _ -> {}, nodeInputs);
    }

    /** A node with attributes. */
    Value node(String operator, Consumer<Node> attributes, Value... nodeInputs) {
        String name = graph.freshName(operator);
        Node node = new Node(operator, name, nodeInputs);
        attributes.accept(node);
        Value output = node.addOutput(name + "_output");
        graph.add(node);
        return output;
    }

    Graph graph() {
        return graph;
    }

    /** The float model; its outputs are these values. */
    Net deliver(Value... outputs) {
        for (Value output : outputs) {
            output.setType(ElementType.FLOAT, null);
            graph.addOutput(output);
        }
        Model model = new Model(8, graph);
        model.setOpset("", OPSET);
        return new Net(model, inputs);
    }

    static Consumer<Node> integer(String name, long value) {
        return node -> node.setAttribute(name, value);
    }

    static Consumer<Node> integers(String name, long... values) {
        return node -> node.setAttribute(name, values);
    }

    private static float[] random(long[] shape, String name) {
        Random random = new Random(name.hashCode());
        float[] values = new float[count(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static int count(long[] shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** A float network and what to run it on. */
    record Net(Model model, Map<String, NumberArray> inputs) {}
}
