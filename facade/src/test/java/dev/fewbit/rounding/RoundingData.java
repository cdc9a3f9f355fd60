package dev.fewbit.rounding;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Samples whose channels depend on each other, and what networks make of them. */
public final class RoundingData {
    private RoundingData() {}

    /** Samples of one input {@code x}, the same for a seed. */
    public static List<Sample> samples(int count, long seed, long... shape) {
        Random random = new Random(seed);
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] values = new float[size];
            double common = random.nextGaussian();
            double last = 0;
            for (int k = 0; k < size; k++) {
                last = 0.8 * last + 0.5 * random.nextGaussian();
                // Written with four digits.
                values[k] = Math.round(1e4 * (last + 0.5 * common + 0.2)) / 1e4f;
            }
            samples.add(
                    new Sample(
                            i, Map.of("x", NumberArray.ofFloats(values, shape)), Optional.empty()));
        }
        return samples;
    }

    /** The same as lines of JSON, each sample flat. */
    public static Path write(Path file, List<Sample> samples) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Sample sample : samples) {
            NumberArray x = sample.inputs().get("x");
            lines.append("{\"x\": ");
            append(lines, x, 0, new int[1]);
            lines.append("}\n");
        }
        Files.writeString(file, lines);
        return file;
    }

    private static void append(StringBuilder lines, NumberArray x, int axis, int[] at) {
        if (axis == x.rank()) {
            lines.append(String.format(Locale.ROOT, "%.4f", x.doubleAt(at[0]++)));
            return;
        }
        lines.append('[');
        for (int i = 0; i < x.shape()[axis]; i++) {
            lines.append(i == 0 ? "" : ",");
            append(lines, x, axis + 1, at);
        }
        lines.append(']');
    }

    /** What a model makes of samples: its outputs, and other values of it. */
    static List<Map<String, NumberArray>> run(
            Path model, List<Sample> samples, Set<String> values, Path folder) throws IOException {
        Path file = model;
        if (!values.isEmpty()) {
            Model more = OnnxReader.read(model);
            for (Node node : more.graph().nodes()) {
                for (Value output : node.outputs()) {
                    if (values.contains(output.name()) && !output.isGraphOutput()) {
                        output.setType(ElementType.FLOAT, null);
                        more.graph().addOutput(output);
                    }
                }
            }
            file = folder.resolve("values.onnx");
            OnnxWriter.write(more, file, WriteOptions.defaults());
        }
        List<Map<String, NumberArray>> results = new ArrayList<>();
        try (ModelSession session = ModelSession.open(file, SessionSettings.withThreads(1))) {
            samples.forEach(sample -> results.add(session.run(sample)));
        }
        return results;
    }

    /** The squared error of the outputs of a model, as a share of the squares of another's. */
    public static double error(Path model, Path reference, List<Sample> samples, Path folder)
            throws IOException {
        return error(model, reference, samples, Set.of(), folder);
    }

    /** The same of values instead of the outputs. */
    public static double error(
            Path model, Path reference, List<Sample> samples, Set<String> values, Path folder)
            throws IOException {
        List<Map<String, NumberArray>> expected = run(reference, samples, values, folder);
        List<Map<String, NumberArray>> actual = run(model, samples, values, folder);
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < samples.size(); i++) {
            for (String name : values.isEmpty() ? expected.get(i).keySet() : values) {
                NumberArray one = expected.get(i).get(name);
                NumberArray other = actual.get(i).get(name);
                for (int k = 0; k < one.size(); k++) {
                    double rest = one.doubleAt(k) - other.doubleAt(k);
                    errors += rest * rest;
                    squares += one.doubleAt(k) * one.doubleAt(k);
                }
            }
        }
        return errors / squares;
    }
}
