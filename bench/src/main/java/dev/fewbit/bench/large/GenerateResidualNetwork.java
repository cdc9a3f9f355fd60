package dev.fewbit.bench.large;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Writes a network of very many small layers, for what takes time per node and not per weight:
 * blocks of {@code x + Conv(Relu(Conv(x)))} behind a Relu, on 8 x 8 pictures of 16 channels.
 */
public final class GenerateResidualNetwork {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final int CHANNELS = 16;
    private static final int SIDE = 8;
    private static final int NODES_OF_BLOCK = 5;
    private static final int SAMPLES = 4;
    private static final int BAD_USAGE = 2;

    private final Graph graph = new Graph("residual");
    private final Random random = new Random(1);

    private GenerateResidualNetwork() {}

    /** The model, with as many nodes as whole blocks allow. */
    static Model build(int nodes) {
        GenerateResidualNetwork generator = new GenerateResidualNetwork();
        int blocks = nodes / NODES_OF_BLOCK;
        Value hidden = new Value("input");
        hidden.setType(ElementType.FLOAT, shape());
        generator.graph.addInput(hidden);
        for (int block = 0; block < blocks; block++) {
            String name = "block." + block;
            Value first = generator.convolution(name + ".first", hidden, 1);
            Value middle = generator.node("Relu", name + ".relu", first);
            // Made smaller, so that the sum does not grow with depth.
            Value second = generator.convolution(name + ".second", middle, 1.0 / blocks);
            hidden = generator.node("Add", name + ".sum", hidden, second);
            hidden = generator.node("Relu", name, hidden);
        }
        hidden.setType(ElementType.FLOAT, shape());
        generator.graph.addOutput(hidden);
        Model model = new Model(IR_VERSION, generator.graph);
        model.setOpset("", OPSET);
        model.setProducer("fewbit-bench", "");
        return model;
    }

    private static Shape shape() {
        return new Shape(
                List.of(
                        new Dimension.Symbolic("batch"),
                        new Dimension.Known(CHANNELS),
                        new Dimension.Known(SIDE),
                        new Dimension.Known(SIDE)));
    }

    private Value convolution(String name, Value input, double variance) {
        float[] weights = new float[CHANNELS * CHANNELS * 9];
        double deviation = Math.sqrt(2 * variance / (CHANNELS * 9));
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (deviation * random.nextGaussian());
        }
        Tensor tensor = Tensor.ofFloats(new long[] {CHANNELS, CHANNELS, 3, 3}, weights);
        Value weight = graph.addInitializer(name + ".weight", tensor);
        Node node = new Node("Conv", name, input, weight);
        node.setAttribute("pads", new long[] {1, 1, 1, 1});
        return add(node, name);
    }

    private Value node(String operator, String name, Value... inputs) {
        return add(new Node(operator, name, inputs), name);
    }

    private Value add(Node node, String name) {
        Value output = node.addOutput(name + "_output");
        graph.add(node);
        return output;
    }

    /** Samples as lines of JSON. */
    private static String samples() {
        Random random = new Random(2);
        StringBuilder lines = new StringBuilder();
        for (int sample = 0; sample < SAMPLES; sample++) {
            lines.append("{\"input\": [[");
            for (int channel = 0; channel < CHANNELS; channel++) {
                lines.append(channel == 0 ? "[" : ", [");
                for (int y = 0; y < SIDE; y++) {
                    lines.append(y == 0 ? "[" : ", [");
                    for (int x = 0; x < SIDE; x++) {
                        lines.append(x == 0 ? "" : ", ").append((float) random.nextGaussian());
                    }
                    lines.append(']');
                }
                lines.append(']');
            }
            lines.append("]]}\n");
        }
        return lines.toString();
    }

    /**
     * Runs the generator.
     *
     * @param arguments MODEL NODES SAMPLES
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: GenerateResidualNetwork MODEL.onnx NODES SAMPLES.jsonl");
            System.exit(BAD_USAGE);
        }
        Model model = build(Integer.parseInt(arguments[1]));
        OnnxWriter.write(model, Path.of(arguments[0]), WriteOptions.defaults());
        Files.writeString(Path.of(arguments[2]), samples());
        System.out.println(model.graph().nodes().size());
    }
}
