package dev.fewbit.runtime;

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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Small models, built for a test and written where it says. */
public final class TestModels {

    /** Width of the input of {@link #perceptron}. */
    public static final int INPUTS = 16;

    private static final int HIDDEN = 32;
    private static final int CLASSES = 10;

    private TestModels() {}

    /** A value of a type and a shape; names are free dimensions. */
    public static Value value(String name, ElementType type, Object... shape) {
        List<Dimension> dimensions = new ArrayList<>();
        for (Object size : shape) {
            dimensions.add(
                    size instanceof String symbol
                            ? new Dimension.Symbolic(symbol)
                            : new Dimension.Known(((Number) size).longValue()));
        }
        Value value = new Value(name);
        value.setType(type, new Shape(dimensions));
        return value;
    }

    /** Adds a node with one output and returns the output. */
    public static Value node(Graph graph, String operator, String output, Value... inputs) {
        Node node = new Node(operator, operator + "_of_" + output, inputs);
        graph.add(node);
        return node.addOutput(output);
    }

    /** Writes the graph as a model of opset 17. */
    public static Path write(Graph graph, Path file) throws IOException {
        return write(graph, file, WriteOptions.defaults());
    }

    private static Path write(Graph graph, Path file, WriteOptions options) throws IOException {
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        OnnxWriter.write(model, file, options);
        return file;
    }

    /** Weights drawn from a seed, then rounded to multiples of a step unless it is 0. */
    public static float[] weights(int count, long seed, float step) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            float weight = (float) random.nextGaussian();
            weights[i] = step == 0 ? weight : Math.round(weight / step) * step;
        }
        return weights;
    }

    /**
     * logits = Relu(x first) second, with x [batch, 16] and inner values "product" and "hidden".
     *
     * @param step weights are rounded to its multiples; 0 leaves them
     */
    public static Path perceptron(Path file, float step) throws IOException {
        return write(perceptronGraph(step), file);
    }

    /** The same with its weights in a file beside it. */
    public static Path perceptronWithExternalData(Path file, float step) throws IOException {
        return write(perceptronGraph(step), file, WriteOptions.defaults().withMostEmbeddedBytes(0));
    }

    /** What {@link #perceptron} computes for one row, in double. */
    public static double[] perceptronLogits(float[] row, float step) {
        float[] first = weights(INPUTS * HIDDEN, 1, step);
        float[] second = weights(HIDDEN * CLASSES, 2, step);
        double[] logits = new double[CLASSES];
        for (int h = 0; h < HIDDEN; h++) {
            double hidden = 0;
            for (int i = 0; i < INPUTS; i++) {
                hidden += (double) row[i] * first[i * HIDDEN + h];
            }
            for (int c = 0; c < CLASSES; c++) {
                logits[c] += Math.max(hidden, 0) * second[h * CLASSES + c];
            }
        }
        return logits;
    }

    private static Graph perceptronGraph(float step) {
        Graph graph = new Graph("perceptron");
        Value x = value("x", ElementType.FLOAT, "batch", INPUTS);
        graph.addInput(x);
        Value first =
                graph.addInitializer(
                        "first",
                        Tensor.ofFloats(
                                new long[] {INPUTS, HIDDEN}, weights(INPUTS * HIDDEN, 1, step)));
        Value second =
                graph.addInitializer(
                        "second",
                        Tensor.ofFloats(
                                new long[] {HIDDEN, CLASSES}, weights(HIDDEN * CLASSES, 2, step)));
        Value product = node(graph, "MatMul", "product", x, first);
        Value hidden = node(graph, "Relu", "hidden", product);
        Value logits = node(graph, "MatMul", "logits", hidden, second);
        logits.setType(
                ElementType.FLOAT, value("shape", ElementType.FLOAT, "batch", CLASSES).shape());
        graph.addOutput(logits);
        return graph;
    }

    /**
     * A toy encoder: word, type and position tables of 50, 2 and {@code positions} rows, added and
     * masked.
     */
    public static Path encoder(Path file, int positions) throws IOException {
        Graph graph = new Graph("encoder");
        Value ids = value("input_ids", ElementType.INT64, "batch_size", "sequence_length");
        Value mask = value("attention_mask", ElementType.INT64, "batch_size", "sequence_length");
        Value types = value("token_type_ids", ElementType.INT64, "batch_size", "sequence_length");
        graph.addInput(ids);
        graph.addInput(mask);
        graph.addInput(types);
        Value words = table(graph, "words", 50);
        Value segments = table(graph, "segments", 2);
        Value places =
                graph.addInitializer(
                        "places",
                        Tensor.ofFloats(
                                new long[] {1, positions, 8}, weights(positions * 8, 3, 0)));
        Value axes = graph.addInitializer("axes", Tensor.ofLongs(new long[] {1}, 2));
        Value word = node(graph, "Gather", "word", words, ids);
        Value segment = node(graph, "Gather", "segment", segments, types);
        Value sum = node(graph, "Add", "sum", word, segment);
        Value placed = node(graph, "Add", "placed", sum, places);
        Node cast = new Node("Cast", "cast", mask);
        cast.setAttribute("to", ElementType.FLOAT.code());
        graph.add(cast);
        Value wide = node(graph, "Unsqueeze", "wide", cast.addOutput("float_mask"), axes);
        graph.addOutput(node(graph, "Mul", "states", placed, wide));
        return write(graph, file);
    }

    private static Value table(Graph graph, String name, int rows) {
        return graph.addInitializer(
                name, Tensor.ofFloats(new long[] {rows, 8}, weights(rows * 8, rows, 0)));
    }

    /** y = Relu(Conv(image)), with an image of free size and the channels that the weight says. */
    public static Path convolution(Path file, int channels) throws IOException {
        Graph graph = new Graph("convolution");
        Value image = value("image", ElementType.FLOAT, "a", "b", "c", "d");
        graph.addInput(image);
        Value weight =
                graph.addInitializer(
                        "weight",
                        Tensor.ofFloats(
                                new long[] {4, channels, 3, 3}, weights(36 * channels, 9, 0)));
        graph.addOutput(node(graph, "Relu", "y", node(graph, "Conv", "c", image, weight)));
        return write(graph, file);
    }

    /** y = Sqrt(x + shift): NaN wherever x is less than -shift. */
    public static Path root(Path file, float shift) throws IOException {
        Graph graph = new Graph("root");
        Value x = value("x", ElementType.FLOAT, "batch", INPUTS);
        graph.addInput(x);
        Value by = graph.addInitializer("by", Tensor.ofFloats(new long[] {1}, shift));
        graph.addOutput(node(graph, "Sqrt", "y", node(graph, "Add", "shifted", x, by)));
        return write(graph, file);
    }
}
