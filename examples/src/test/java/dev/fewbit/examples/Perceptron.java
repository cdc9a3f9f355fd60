package dev.fewbit.examples;

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
import java.util.SplittableRandom;

/**
 * {@code x [4, 128] -> MatMul(first [128, 256]) -> Relu -> MatMul(middle [256, 256]) -> Relu ->
 * MatMul(last [256, 64])}, with weights uniform in [-1, 1).
 */
final class Perceptron {

    static final String FIRST = "first";
    static final String MIDDLE = "middle";
    static final String LAST = "last";

    private Perceptron() {}

    static Path write(Path file) throws IOException {
        Graph graph = new Graph("perceptron");
        Value input = new Value("x");
        input.setType(ElementType.FLOAT, Shape.of(4, 128));
        graph.addInput(input);
        SplittableRandom random = new SplittableRandom(1);
        Value hidden = relu(graph, product(graph, input, FIRST, 128, 256, random));
        hidden = relu(graph, product(graph, hidden, MIDDLE, 256, 256, random));
        Value output = product(graph, hidden, LAST, 256, 64, random);
        output.setType(ElementType.FLOAT, Shape.of(4, 64));
        graph.addOutput(output);
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        OnnxWriter.write(model, file, WriteOptions.defaults());
        return file;
    }

    private static Value product(
            Graph graph,
            Value left,
            String name,
            int inputs,
            int outputs,
            SplittableRandom random) {
        float[] values = new float[inputs * outputs];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        Tensor tensor = Tensor.ofFloats(new long[] {inputs, outputs}, values);
        return append(graph, "MatMul", name, left, graph.addInitializer(name, tensor));
    }

    private static Value relu(Graph graph, Value input) {
        return append(graph, "Relu", input.name(), input);
    }

    private static Value append(Graph graph, String operator, String name, Value... inputs) {
        Node node = new Node(operator, name + "/" + operator, inputs);
        Value output = node.addOutput(name + "/" + operator + "_output");
        graph.add(node);
        return output;
    }
}
