package dev.fewbit.tuning;

import dev.fewbit.Recipe;
import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.StringJoiner;

/** Small networks whose channels differ much in size, and data for them. */
final class Networks {
    static final int CHANNELS = 32;
    static final int HIDDEN = 48;

    private final Graph graph = new Graph("net");
    private final Random random = new Random(5);

    Graph graph() {
        return graph;
    }

    /** Input {@code x [1, rows, 32]}. */
    Value rows(int rows) {
        return input(new long[] {1, rows, CHANNELS});
    }

    /** Input {@code x [1, 32, size, size]}. */
    Value picture(int size) {
        return input(new long[] {1, CHANNELS, size, size});
    }

    private Value input(long[] shape) {
        Value value = new Value("x");
        value.setType(ElementType.FLOAT, Shape.of(shape));
        graph.addInput(value);
        return value;
    }

    /** A constant with normally distributed numbers. */
    Value normal(String name, double deviation, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    /** Positive numbers of which every eighth is 20 to 60 times as large as the others. */
    Value uneven(String name, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    (float)
                            ((0.5 + random.nextDouble())
                                    * (i % 8 == 3 ? 20 + 40 * random.nextDouble() : 1));
        }
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    Value number(String name, float value) {
        return graph.addInitializer(name, Tensor.ofFloats(new long[0], value));
    }

    /** A node named after its output. */
    Value node(String operator, String output, Value... inputs) {
        Node node = new Node(operator, output + "_node", inputs);
        Value made = node.addOutput(output);
        graph.add(node);
        return made;
    }

    Model deliver(Value... outputs) {
        for (Value output : outputs) {
            output.setType(ElementType.FLOAT, null);
            graph.addOutput(output);
        }
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        return model;
    }

    /** The value of a name. */
    static Value find(Graph graph, String name) {
        for (Value value : graph.initializers().keySet()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                if (output != null && output.name().equals(name)) {
                    return output;
                }
            }
        }
        throw new IllegalArgumentException("there is no value " + name);
    }

    static Path write(Model model, Path file) throws IOException {
        OnnxWriter.write(model, file, WriteOptions.defaults());
        return file;
    }

    /** Normally distributed samples as lines of JSON. */
    static Path data(Path file, int samples, long... shape) throws IOException {
        Random random = new Random(11);
        StringBuilder lines = new StringBuilder();
        for (int sample = 0; sample < samples; sample++) {
            lines.append("{\"x\": ");
            append(lines, random, shape, 0);
            lines.append("}\n");
        }
        Files.writeString(file, lines, StandardCharsets.UTF_8);
        return file;
    }

    private static void append(StringBuilder lines, Random random, long[] shape, int axis) {
        if (axis == shape.length) {
            lines.append(String.format(Locale.ROOT, "%.4f", random.nextGaussian()));
            return;
        }
        StringJoiner elements = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < shape[axis]; i++) {
            StringBuilder element = new StringBuilder();
            append(element, random, shape, axis + 1);
            elements.add(element);
        }
        lines.append(elements);
    }

    /** Runs a model in ONNX Runtime on one sample of normally distributed numbers. */
    static Map<String, NumberArray> run(Path model, long... shape) {
        Random random = new Random(17);
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            return session.run(
                    new Sample(
                            0, Map.of("x", NumberArray.ofFloats(values, shape)), Optional.empty()));
        }
    }

    /** The loss of a plan that was found without corrections, and with them. */
    static TunedPlan tune(Path model, Path data, boolean corrections)
            throws IOException, InterruptedException {
        Recipe recipe = Recipe.INT8.withStatics(Recipe.INT8.statics().withCorrections(corrections));
        return StaticTuning.run(
                model,
                recipe,
                new TuningOptions(
                        Optional.of(data),
                        Optional.empty(),
                        TaskChoice.NONE,
                        List.of(),
                        // Whatever is lost, no layer is left in float for it.
                        OptionalDouble.of(1),
                        64,
                        16,
                        1,
                        (stage, done, total) -> {}));
    }
}
