package dev.fewbit.tuning;

import dev.fewbit.Progress;
import dev.fewbit.Recipe;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.trial.OutputTrials;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small float networks with random weights, and a workbench to improve their plans on. */
final class TunedNet implements AutoCloseable {
    /** As coarse as integer kernels take weights; enough for rounding to shift means a lot. */
    static final Recipe COARSE = Recipe.INT8.withWeights(new Affine(5, true, true));

    static final int SAMPLES = 32;

    private final TemporaryFolder folder;
    private final Samples samples;
    private final Workbench bench;

    private TunedNet(TemporaryFolder folder, Samples samples, Workbench bench) {
        this.folder = folder;
        this.samples = samples;
        this.bench = bench;
    }

    /** A workbench for a model, on random inputs. */
    static TunedNet of(Path model, Recipe recipe) throws IOException {
        TuningOptions options =
                new TuningOptions(
                        Optional.empty(), Optional.empty(), SAMPLES, SAMPLES, 1, Progress.NONE);
        TemporaryFolder folder = TemporaryFolder.create("tuned-net");
        Samples samples = ComparisonSamples.open(model, Optional.empty(), 0, SAMPLES);
        return new TunedNet(
                folder,
                samples,
                new Workbench(
                        PreparedModel.of(model, List.of(Preparation.FOLD_CONSTANTS), folder, 1),
                        recipe,
                        samples,
                        OutputTrials.of(model, samples, SAMPLES, 1),
                        options));
    }

    Workbench bench() {
        return bench;
    }

    /** What there is before anything is improved. */
    Candidate start() throws IOException, InterruptedException {
        IntegerChoices choices =
                IntegerChoices.of(
                        bench.recipe().statics().activationFormat(),
                        bench.recipe().statics().calibration().orElseThrow());
        Candidate empty =
                new Candidate(
                        List.of(), bench.calibrate(bench.prepared().file(), List.of(), 1), choices);
        List<Observation> wanted =
                bench.planner(empty).observed().stream().map(Observation::ofTensor).toList();
        return new Candidate(
                List.of(), bench.calibrate(bench.prepared().file(), wanted, SAMPLES), choices);
    }

    @Override
    public void close() throws IOException {
        samples.close();
        folder.close();
    }

    /**
     * {@code x [1, 8, 10, 10] -> Conv + Relu -> (Conv without bias, Conv) -> Add -> depthwise Conv
     * -> GlobalAveragePool -> Gemm}; nodes are named {@code first, left, right, depthwise, last}.
     */
    static Path convolutions(Path file) throws IOException {
        Builder net = new Builder();
        Value x = net.input("x", 1, 8, 10, 10);
        Value first = net.relu(net.convolution("first", x, true, 12, 8, 3, 3));
        Value left = net.convolution("left", first, false, 12, 12, 3, 3);
        Value right = net.convolution("right", first, true, 12, 12, 3, 3);
        Value sum = net.relu(net.node("Add", "sum", left, right));
        Value depthwise = net.convolution("depthwise", sum, true, 12, 1, 3, 3);
        depthwise.producer().setAttribute("group", 12);
        Value flat = net.node("Flatten", "flat", net.node("GlobalAveragePool", "pool", depthwise));
        Value last = net.node("Gemm", "last", flat, net.weight("last", 12, 7), net.bias("last", 7));
        return net.write(last, file);
    }

    /** {@code x [1, 5, 16] -> (MatMul + Add + Relu) many times}; products are {@code p0, p1...}. */
    static Path products(Path file, int many) throws IOException {
        Builder net = new Builder();
        Value value = net.input("x", 1, 5, 16);
        for (int i = 0; i < many; i++) {
            Value product = net.node("MatMul", "p" + i, value, net.weight("p" + i, 16, 16));
            value = net.relu(net.node("Add", "add" + i, product, net.bias("p" + i, 16)));
        }
        return net.write(value, file);
    }

    /** Puts nodes into a graph. */
    static final class Builder {
        private final Graph graph = new Graph("net");
        private final Random random = new Random(5);

        Value input(String name, long... shape) {
            Value value = new Value(name);
            value.setType(ElementType.FLOAT, Shape.of(shape));
            graph.addInput(value);
            return value;
        }

        /** Normally distributed weights that keep the size of the numbers. */
        Value weight(String name, long... shape) {
            long inputs = Arrays.stream(shape).reduce(1, (a, b) -> a * b) / shape[0];
            return constant(name + ".weight", 1 / Math.sqrt((double) inputs), shape);
        }

        Value bias(String name, long channels) {
            return constant(name + ".bias", 0.3, channels);
        }

        private Value constant(String name, double deviation, long... shape) {
            float[] values = new float[(int) Tensor.elementCount(shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            return graph.addInitializer(name, Tensor.ofFloats(shape, values));
        }

        Value convolution(String name, Value input, boolean bias, long... shape) {
            List<Value> inputs = new ArrayList<>(List.of(input, weight(name, shape)));
            if (bias) {
                inputs.add(bias(name, shape[0]));
            }
            return node("Conv", name, inputs.toArray(Value[]::new));
        }

        Value relu(Value input) {
            return node("Relu", input.name() + "/relu", input);
        }

        Value relu6(Value input) {
            return node(
                    "Clip",
                    input.name() + "/relu6",
                    input,
                    graph.addInitializer(input.name() + "/low", Tensor.ofFloats(new long[0], 0)),
                    graph.addInitializer(input.name() + "/high", Tensor.ofFloats(new long[0], 6)));
        }

        Tensor constant(String name) {
            return graph.initializer(find(name));
        }

        void replace(String name, Tensor tensor) {
            graph.setInitializer(find(name), tensor);
        }

        private Value find(String name) {
            return graph.initializers().keySet().stream()
                    .filter(value -> value.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        Value node(String operator, String name, Value... inputs) {
            Node node = new Node(operator, name, inputs);
            Value output = node.addOutput(name + "_output");
            graph.add(node);
            return output;
        }

        Path write(Value output, Path file) throws IOException {
            output.setType(ElementType.FLOAT, null);
            graph.addOutput(output);
            Model model = new Model(8, graph);
            model.setOpset("", 13);
            OnnxWriter.write(model, file, WriteOptions.defaults());
            return file;
        }
    }
}
