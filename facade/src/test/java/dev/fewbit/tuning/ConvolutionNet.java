package dev.fewbit.tuning;

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * A small network of convolutions with a Relu each, and a matrix product behind a mean over the
 * picture, and data for it.
 */
final class ConvolutionNet {
    static final int LAYERS = 5;
    static final int CLASSES = 6;
    private static final int CHANNELS = 8;
    private static final int SIZE = 6;
    private static final int DEAD = 3;

    private ConvolutionNet() {}

    /** Writes the network, all layers alike. */
    static Path write(Path file) {
        return write(file, -1);
    }

    /**
     * Writes the network, in which one layer cannot bear a single scale for all its weights: it has
     * a huge weight on a channel that is zero for all inputs to be met, so that the weight means
     * nothing; that it is cannot be proved.
     *
     * @param poisoned number of the layer, from 1; -1 for none
     */
    static Path write(Path file, int poisoned) {
        Random random = new Random(5);
        Graph graph = new Graph("convolutions");
        Value x = new Value("x");
        x.setType(ElementType.FLOAT, Shape.of(1, CHANNELS, SIZE, SIZE));
        graph.addInput(x);
        Value value = x;
        for (int layer = 0; layer < LAYERS; layer++) {
            float[] weights = normal(random, CHANNELS * CHANNELS * 9, 0.2);
            float[] bias = normal(random, CHANNELS, 0.1);
            if (layer + 1 == poisoned) {
                bias[DEAD] = -1000;
            } else if (layer == poisoned) {
                weights[DEAD * 9] = 300;
            }
            Node conv =
                    new Node(
                            "Conv",
                            "conv" + layer,
                            value,
                            graph.addInitializer(
                                    "w" + layer,
                                    Tensor.ofFloats(
                                            new long[] {CHANNELS, CHANNELS, 3, 3}, weights)),
                            graph.addInitializer(
                                    "b" + layer, Tensor.ofFloats(new long[] {CHANNELS}, bias)));
            conv.setAttribute("pads", new long[] {1, 1, 1, 1});
            graph.add(conv);
            value = then(graph, "Relu", conv.addOutput("c" + layer));
        }
        value = then(graph, "GlobalAveragePool", value);
        value = then(graph, "Flatten", value);
        Value matrix =
                graph.addInitializer(
                        "w",
                        Tensor.ofFloats(
                                new long[] {CHANNELS, CLASSES},
                                normal(random, CHANNELS * CLASSES, 1)));
        Value output = then(graph, "Gemm", value, matrix);
        output.setType(ElementType.FLOAT, Shape.of(1, CLASSES));
        graph.addOutput(output);
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        try {
            OnnxWriter.write(model, file, WriteOptions.defaults());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return file;
    }

    private static Value then(Graph graph, String operator, Value... inputs) {
        Node node = new Node(operator, graph.freshName(operator), inputs);
        graph.add(node);
        return node.addOutput(graph.freshName(operator + "_out"));
    }

    /** Writes samples, the same ones for the same numbers. */
    static Path data(Path file, int from, int to) throws IOException {
        return data(file, from, to, SIZE);
    }

    /** The same for pictures of another size. */
    static Path data(Path file, int from, int to, int size) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int sample = from; sample < to; sample++) {
            Random random = new Random(1000L + sample);
            StringJoiner channels = new StringJoiner(",", "[", "]");
            for (int c = 0; c < CHANNELS; c++) {
                StringJoiner rows = new StringJoiner(",", "[", "]");
                for (int y = 0; y < size; y++) {
                    StringJoiner row = new StringJoiner(",", "[", "]");
                    for (int i = 0; i < size; i++) {
                        row.add(Float.toString((float) random.nextGaussian()));
                    }
                    rows.add(row.toString());
                }
                channels.add(rows.toString());
            }
            lines.add("{\"x\": [" + channels + "]}");
        }
        return Files.write(file, lines);
    }

    private static float[] normal(Random random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
