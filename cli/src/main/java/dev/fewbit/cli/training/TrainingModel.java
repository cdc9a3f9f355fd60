package dev.fewbit.cli.training;

import dev.fewbit.onnx.graph.Dimension;
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
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small network with what transformers are made of: an embedding table, matrix products, biases
 * and a softmax. Its weights are drawn from a normal distribution.
 *
 * <pre>{@code
 * tokens [1, sequence] -> Gather -> layers x (MatMul -> Add -> Relu -> MatMul -> Add) -> Softmax
 * }</pre>
 */
final class TrainingModel {

    private static final int WORDS = 4096;
    private static final int WIDTH = 128;
    private static final int INNER = 512;
    private static final int LAYERS = 8;
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Graph graph = new Graph("training");

    private TrainingModel() {}

    /** Writes it, some 5 MB. */
    static void write(Path file) throws IOException {
        Model model = new Model(IR_VERSION, new TrainingModel().build());
        model.setOpset("", OPSET);
        OnnxWriter.write(model, file, WriteOptions.defaults());
    }

    private Graph build() {
        Value tokens = new Value("tokens");
        Dimension one = new Dimension.Known(1);
        Dimension sequence = new Dimension.Symbolic("sequence");
        tokens.setType(ElementType.INT64, new Shape(List.of(one, sequence)));
        graph.addInput(tokens);
        Value hidden =
                apply(
                        "Gather",
                        "embed",
                        graph.addInitializer("table", weights(WORDS, WIDTH)),
                        tokens);
        for (int layer = 0; layer < LAYERS; layer++) {
            Value wide = linear(hidden, "layer." + layer + ".up", WIDTH, INNER);
            Value active = apply("Relu", "layer." + layer + ".relu", wide);
            hidden = linear(active, "layer." + layer + ".down", INNER, WIDTH);
        }
        Value output = apply("Softmax", "output", hidden);
        output.setType(
                ElementType.FLOAT, new Shape(List.of(one, sequence, new Dimension.Known(WIDTH))));
        graph.addOutput(output);
        return graph;
    }

    private Value linear(Value input, String name, int depth, int width) {
        Value weight = graph.addInitializer(name + ".weight", weights(depth, width));
        Value bias = graph.addInitializer(name + ".bias", weights(width));
        return apply("Add", name + ".add", apply("MatMul", name + ".matmul", input, weight), bias);
    }

    private Value apply(String operator, String name, Value... inputs) {
        Node node = new Node(operator, name, inputs);
        Value output = node.addOutput(name + ".output");
        graph.add(node);
        return output;
    }

    private Tensor weights(long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.05 * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }
}
