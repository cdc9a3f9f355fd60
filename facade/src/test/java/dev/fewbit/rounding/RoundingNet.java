package dev.fewbit.rounding;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Builds float networks with random weights. A layer, its node and its output go by one name; its
 * weights are {@code name.weight} and {@code name.bias}.
 */
public final class RoundingNet {
    private static final int OPSET = 17;

    private final Graph graph = new Graph("net");
    private final Random random = new Random(5);

    Value input(String name, long... shape) {
        Value value = new Value(name);
        value.setType(ElementType.FLOAT, Shape.of(shape));
        graph.addInput(value);
        return value;
    }

    /** Normally distributed numbers. */
    Value constant(String name, double mean, double deviation, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    Value constant(String name, Tensor tensor) {
        return graph.addInitializer(name, tensor);
    }

    /** Weights that keep the size of the numbers. */
    Value weight(String name, long inputs, long... shape) {
        return constant(name + ".weight", 0, 1 / Math.sqrt((double) inputs), shape);
    }

    Value bias(String name, long channels) {
        return constant(name + ".bias", 0.1, 0.3, channels);
    }

    Value node(String operator, String name, Value... inputs) {
        return node(operator, name, _ -> {}, inputs);
    }

    Value node(String operator, String name, Consumer<Node> attributes, Value... inputs) {
        Node node = new Node(operator, name, inputs);
        attributes.accept(node);
        Value output = node.addOutput(name);
        graph.add(node);
        return output;
    }

    /** A convolution {@code [out, in / groups, kernel...]} that keeps the size of its input. */
    Value convolution(String name, Value input, boolean bias, int groups, long... shape) {
        long inputs = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
        List<Value> all = new ArrayList<>(List.of(input, weight(name, inputs, shape)));
        if (bias) {
            all.add(bias(name, shape[0]));
        }
        int spatial = shape.length - 2;
        long[] pads = new long[2 * spatial];
        for (int axis = 0; axis < spatial; axis++) {
            pads[axis] = shape[2 + axis] / 2;
            pads[axis + spatial] = (shape[2 + axis] - 1) / 2;
        }
        return node(
                "Conv",
                name,
                node -> {
                    node.setAttribute("group", groups);
                    node.setAttribute("pads", pads);
                },
                all.toArray(Value[]::new));
    }

    /** {@code MatMul(input, weight [in, out])}, or with a bias that is added to it. */
    Value product(String name, Value input, boolean bias, long in, long out) {
        Value weight = weight(name, in, in, out);
        if (!bias) {
            return node("MatMul", name, input, weight);
        }
        Value product = node("MatMul", name + ".product", input, weight);
        return node("Add", name, product, bias(name, out));
    }

    Value relu(Value input) {
        return node("Relu", input.name() + ".relu", input);
    }

    Value add(String name, Value left, Value right) {
        return node("Add", name, left, right);
    }

    Model deliver(Value... outputs) {
        for (Value output : outputs) {
            output.setType(ElementType.FLOAT, null);
            graph.addOutput(output);
        }
        Model model = new Model(8, graph);
        model.setOpset("", OPSET);
        return model;
    }

    Path write(Path file, Value... outputs) throws IOException {
        OnnxWriter.write(deliver(outputs), file, WriteOptions.defaults());
        return file;
    }

    /**
     * {@code x [1, 8, 10, 10]}: a residual block, a shortcut with a layer of its own, depthwise and
     * grouped convolutions, and a Gemm.
     *
     * <pre>{@code
     * stem -> relu -> first -> relu -> second -> + stem.relu = sum
     * sum -> relu -> (third -> relu -> fourth) + shortcut = joined
     * joined -> relu -> depthwise -> grouped -> pool -> last
     * }</pre>
     */
    public static Path convolutions(Path file) throws IOException {
        RoundingNet net = new RoundingNet();
        Value stem =
                net.relu(
                        net.convolution(
                                "stem", net.input("x", 1, 8, 10, 10), true, 1, 16, 8, 3, 3));
        Value first = net.relu(net.convolution("first", stem, true, 1, 16, 16, 3, 3));
        Value second = net.convolution("second", first, true, 1, 16, 16, 3, 3);
        Value sum = net.relu(net.add("sum", second, stem));
        Value third = net.relu(net.convolution("third", sum, false, 1, 24, 16, 3, 3));
        Value fourth = net.convolution("fourth", third, true, 1, 24, 24, 3, 3);
        Value shortcut = net.convolution("shortcut", sum, true, 1, 24, 16, 1, 1);
        Value joined = net.relu(net.add("joined", fourth, shortcut));
        Value depthwise = net.convolution("depthwise", joined, true, 24, 24, 1, 3, 3);
        Value grouped = net.convolution("grouped", depthwise, true, 2, 16, 12, 3, 3);
        Value flat = net.node("Flatten", "flat", net.node("GlobalAveragePool", "pool", grouped));
        Value last =
                net.node("Gemm", "last", flat, net.weight("last", 16, 16, 7), net.bias("last", 7));
        return net.write(file, last);
    }

    /**
     * {@code x [1, 6, 64]}: three products of one input, a residual connection, and one without
     * biases.
     *
     * <pre>{@code
     * (query, key, value of x) -> relu(query) * key + value = mixed -> out -> + x = sum
     * sum -> up -> relu -> down
     * }</pre>
     */
    public static Path products(Path file) throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 6, 64);
        Value query = net.product("query", x, true, 64, 64);
        Value key = net.product("key", x, true, 64, 64);
        Value value = net.product("value", x, false, 64, 64);
        Value mixed = net.add("mixed", net.node("Mul", "gated", net.relu(query), key), value);
        Value sum = net.add("sum", net.product("out", mixed, true, 64, 64), x);
        Value up = net.relu(net.product("up", sum, true, 64, 128));
        return net.write(file, net.product("down", up, false, 128, 32));
    }
}
