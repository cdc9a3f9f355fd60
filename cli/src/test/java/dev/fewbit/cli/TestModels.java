package dev.fewbit.cli;

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
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Small models for tests, and some that are wrong in one way each. */
final class TestModels {

    static final int WORDS = 300;
    static final int WIDTH = 64;
    private static final int CHANNELS = 8;

    private TestModels() {}

    /** {@code tokens -> Gather -> MatMul -> Add -> Relu -> MatMul -> output}, some 110 kB. */
    static Path transformer(Path file) {
        Graph graph = new Graph("test");
        Value tokens = input(graph, "tokens", ElementType.INT64, 1, -1);
        Value hidden =
                apply(
                        graph,
                        "Gather",
                        graph.addInitializer("table", normal(1, WORDS, WIDTH)),
                        tokens);
        Value up =
                apply(
                        graph,
                        "MatMul",
                        hidden,
                        graph.addInitializer("up.weight", normal(2, WIDTH, 128)));
        Value biased = apply(graph, "Add", up, graph.addInitializer("up.bias", normal(3, 128)));
        Value active = apply(graph, "Relu", biased);
        Value down =
                apply(
                        graph,
                        "MatMul",
                        active,
                        graph.addInitializer("down.weight", normal(4, 128, WIDTH)));
        return write(graph, down, file, 1, -1, WIDTH);
    }

    /** {@code x -> Conv -> Relu -> Conv -> Relu -> GlobalAveragePool -> output}, some 20 kB. */
    static Path convolutions(Path file) {
        Graph graph = new Graph("test");
        Value value = input(graph, "x", ElementType.FLOAT, 1, CHANNELS, 6, 6);
        long inputs = CHANNELS;
        for (int layer = 1; layer <= 2; layer++) {
            Value weight =
                    graph.addInitializer("conv" + layer, normal(10 + layer, 16, inputs, 3, 3));
            Value bias = graph.addInitializer("bias" + layer, normal(20 + layer, 16));
            value = apply(graph, "Relu", apply(graph, "Conv", value, weight, bias));
            inputs = 16;
        }
        return write(graph, apply(graph, "GlobalAveragePool", value), file, 1, 16, 1, 1);
    }

    /**
     * {@code x -> Conv -> Relu = v -> Conv -> Relu -> Conv -> Add v -> Conv -> GlobalAveragePool}.
     */
    static Path residual(Path file) {
        Graph graph = new Graph("test");
        Value x = input(graph, "x", ElementType.FLOAT, 1, CHANNELS, 6, 6);
        Value v = apply(graph, "Relu", convolution(graph, 1, x, 16, CHANNELS, 3, 3));
        Value t = apply(graph, "Relu", convolution(graph, 2, v, 16, 16, 1, 1));
        Value sum = apply(graph, "Add", convolution(graph, 3, t, 16, 16, 1, 1), v);
        Value last = convolution(graph, 4, sum, 16, 16, 1, 1);
        return write(graph, apply(graph, "GlobalAveragePool", last), file, 1, 16, 1, 1);
    }

    private static Value convolution(Graph graph, int layer, Value input, long... shape) {
        return apply(
                graph,
                "Conv",
                input,
                graph.addInitializer("conv" + layer, normal(10 + layer, shape)),
                graph.addInitializer("bias" + layer, normal(20 + layer, shape[0])));
    }

    /** Lines of data for {@link #convolutions} and {@link #residual}. */
    static List<String> pictures(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int sample = 0; sample < count; sample++) {
            float[] values = normal(100 + sample, CHANNELS, 6, 6).floats();
            StringBuilder text = new StringBuilder("{\"x\": [[");
            for (int i = 0; i < values.length; i++) {
                text.append(i % 36 == 0 ? (i == 0 ? "[[" : "]], [[") : i % 6 == 0 ? "], [" : ", ");
                text.append(10 * values[i]);
            }
            lines.add(text.append("]]]]}").toString());
        }
        return lines;
    }

    /** {@code x -> MatMul(weight) -> output} with the weight that a test wants. */
    static Path matMul(Path file, Tensor weight) {
        Graph graph = new Graph("test");
        Value x = input(graph, "x", ElementType.FLOAT, 1, weight.dimension(0));
        Value output = apply(graph, "MatMul", x, graph.addInitializer("weight", weight));
        return write(graph, output, file, 1, weight.dimension(1));
    }

    /**
     * {@code picture [1, 3, 4, 4] -> mean over each channel -> 3 x MatMul -> logits}: the class of
     * a picture is its strongest channel, 0 red, 1 green, 2 blue.
     */
    static Path strongestChannel(Path file) {
        Graph graph = new Graph("test");
        Value picture = input(graph, "picture", ElementType.FLOAT, 1, 3, 4, 4);
        Node mean = new Node("GlobalAveragePool", "mean", picture);
        Value pooled = mean.addOutput("pooled");
        graph.add(mean);
        Node flatten = new Node("Flatten", "flatten", pooled);
        Value flat = flatten.addOutput("flat");
        graph.add(flatten);
        float[] up = new float[3 * WIDTH];
        float[] down = new float[WIDTH * 3];
        for (int i = 0; i < WIDTH; i++) {
            up[(i % 3) * WIDTH + i] = 1;
            down[i * 3 + i % 3] = 1;
        }
        float[] same = new float[WIDTH * WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            same[i * WIDTH + i] = 1;
        }
        Value hidden =
                apply(
                        graph,
                        "MatMul",
                        flat,
                        graph.addInitializer("up", Tensor.ofFloats(new long[] {3, WIDTH}, up)));
        Value kept =
                apply(
                        graph,
                        "MatMul",
                        hidden,
                        graph.addInitializer(
                                "same", Tensor.ofFloats(new long[] {WIDTH, WIDTH}, same)));
        Value logits =
                apply(
                        graph,
                        "MatMul",
                        kept,
                        graph.addInitializer("down", Tensor.ofFloats(new long[] {WIDTH, 3}, down)));
        return write(graph, logits, file, 1, 3);
    }

    /** A model whose weights lie in a file of their own beside it. */
    static Path withExternalData(Path file) throws IOException {
        Graph graph = new Graph("test");
        Value x = input(graph, "x", ElementType.FLOAT, 1, WIDTH);
        Value output =
                apply(graph, "MatMul", x, graph.addInitializer("weight", normal(5, WIDTH, WIDTH)));
        output.setType(ElementType.FLOAT, Shape.of(1, WIDTH));
        graph.addOutput(output);
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        OnnxWriter.write(model, file, WriteOptions.defaults().withMostEmbeddedBytes(0));
        return file;
    }

    /** A model that computes and has nothing to quantize. */
    static Path withoutWeights(Path file) {
        Graph graph = new Graph("test");
        Value x = input(graph, "x", ElementType.FLOAT, 1, 8);
        return write(graph, apply(graph, "Relu", x), file, 1, 8);
    }

    /** A model with a scalar and an empty constant beside a weight that can be quantized. */
    static Path withOddTensors(Path file) {
        Graph graph = new Graph("test");
        Value x = input(graph, "x", ElementType.FLOAT, 1, WIDTH);
        Value product =
                apply(graph, "MatMul", x, graph.addInitializer("weight", normal(6, WIDTH, WIDTH)));
        Value scaled =
                apply(
                        graph,
                        "Mul",
                        product,
                        graph.addInitializer("scalar", Tensor.ofFloats(new long[0], 2f)));
        Node concat =
                new Node(
                        "Concat",
                        "concat",
                        scaled,
                        graph.addInitializer("empty", Tensor.ofFloats(new long[] {1, 0})));
        concat.setAttribute("axis", 1L);
        Value joined = concat.addOutput("joined");
        graph.add(concat);
        Value nothing =
                apply(
                        graph,
                        "MatMul",
                        joined,
                        graph.addInitializer("no.columns", Tensor.ofFloats(new long[] {WIDTH, 0})));
        Node last = new Node("Concat", "last", joined, nothing);
        last.setAttribute("axis", 1L);
        Value output = last.addOutput("output");
        graph.add(last);
        return write(graph, output, file, 1, WIDTH);
    }

    /** Values drawn from a normal distribution. */
    static Tensor normal(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.1 * random.nextGaussian());
        }
        return Tensor.ofFloats(shape, values);
    }

    private static Value input(Graph graph, String name, ElementType type, long... shape) {
        Value value = new Value(name);
        value.setType(type, shape(shape));
        graph.addInput(value);
        return value;
    }

    private static Value apply(Graph graph, String operator, Value... inputs) {
        Node node = new Node(operator, graph.freshName(operator), inputs);
        Value output = node.addOutput(graph.freshName(operator + "_output"));
        graph.add(node);
        return output;
    }

    private static Path write(Graph graph, Value output, Path file, long... shape) {
        output.setType(ElementType.FLOAT, shape(shape));
        graph.addOutput(output);
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        try {
            OnnxWriter.write(model, file, WriteOptions.defaults());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static Shape shape(long... sizes) {
        return new Shape(
                java.util.Arrays.stream(sizes)
                        .<Dimension>mapToObj(
                                size ->
                                        size < 0
                                                ? new Dimension.Symbolic("sequence")
                                                : new Dimension.Known(size))
                        .collect(java.util.stream.Collectors.toCollection(ArrayList::new)));
    }

    /** As many lines of data for {@link #transformer} as wanted. */
    static List<String> sentences(int count) {
        SplittableRandom random = new SplittableRandom(7);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(
                    random.ints(8, 0, WORDS)
                            .mapToObj(Integer::toString)
                            .collect(
                                    java.util.stream.Collectors.joining(
                                            ", ", "{\"tokens\": [[", "]]}")));
        }
        return lines;
    }

    /** A few lines of data for {@link #transformer}. */
    static List<String> data() {
        return List.of(
                "{\"tokens\": [[1, 2, 3]]}",
                "{\"tokens\": [[299, 0, 5, 7, 11, 13]]}",
                "{\"tokens\": [[42]]}");
    }
}
