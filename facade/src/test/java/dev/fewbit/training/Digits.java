package dev.fewbit.training;

import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.train.loop.Batch;
import dev.fewbit.train.loop.Batches;
import dev.fewbit.train.loop.Objectives;
import dev.fewbit.train.loop.Trainer;
import dev.fewbit.train.loop.TrainingListener;
import dev.fewbit.train.loop.TrainingPoint;
import dev.fewbit.train.loop.TrainingSettings;
import dev.fewbit.train.network.QuantizedNetwork;
import dev.fewbit.train.network.TrainedNetwork;
import dev.fewbit.train.torch.Tensors;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** Real pictures, and a small convolutional network that reads them. */
final class Digits {
    private static final int SIDE = 8;
    private static final int CLASSES = 10;
    private static final int BATCH = 64;

    private final List<float[]> pictures = new ArrayList<>();
    private final List<Integer> classes = new ArrayList<>();

    private Digits() {}

    /** One picture in four for tests, or the others. */
    static Digits read(boolean tests) throws IOException {
        Digits digits = new Digits();
        try (InputStream packed =
                        Objects.requireNonNull(
                                Digits.class.getResourceAsStream("/digits/digits.csv.gz"));
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(packed), StandardCharsets.US_ASCII))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if ((number++ % 4 == 3) == tests) {
                    String[] words = line.split(",", -1);
                    float[] picture = new float[SIDE * SIDE];
                    for (int i = 0; i < picture.length; i++) {
                        picture[i] = Integer.parseInt(words[i]) / 8f - 1;
                    }
                    digits.pictures.add(picture);
                    digits.classes.add(Integer.parseInt(words[picture.length]));
                }
            }
        }
        return digits;
    }

    /** As lines of JSON. */
    Path write(Path file, boolean labelled) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < pictures.size(); i++) {
            lines.append("{\"x\": [[");
            for (int row = 0; row < SIDE; row++) {
                lines.append(row == 0 ? "[" : ", [");
                for (int column = 0; column < SIDE; column++) {
                    lines.append(column == 0 ? "" : ", ")
                            .append(pictures.get(i)[row * SIDE + column]);
                }
                lines.append(']');
            }
            lines.append("]]");
            if (labelled) {
                lines.append(", \"label\": ").append(classes.get(i));
            }
            lines.append("}\n");
        }
        Files.writeString(file, lines);
        return file;
    }

    /** Trains a float network on these pictures and writes it. */
    void writeNetwork(Path file) throws IOException, InterruptedException {
        Path untrained = file.resolveSibling("untrained.onnx");
        OnnxWriter.write(network(), untrained, WriteOptions.defaults());
        Plan nothing = new Plan("", "float", 0, GraphPlan.NONE, List.of(), List.of());
        try (QuantizedNetwork network =
                QuantizedNetwork.of(OnnxReader.read(untrained), nothing, RoundedWeights.NONE)) {
            Batches batches = batches();
            TrainingSettings settings =
                    new TrainingSettings(
                            true, 0.005, 0, 0, 20 * batches.perEpoch(), 0, 1000, 10, null);
            try (Trainer trainer =
                    new Trainer(
                            network,
                            null,
                            Objectives.crossEntropy(0, false),
                            batches,
                            batches,
                            settings,
                            0,
                            "float",
                            new Quiet())) {
                trainer.run();
            }
            TrainedNetwork trained = network.trained();
            Map<String, float[]> learned = new HashMap<>(trained.constants());
            Model result = OnnxReader.read(untrained);
            for (Map.Entry<Value, Tensor> entry :
                    Map.copyOf(result.graph().initializers()).entrySet()) {
                float[] values = learned.get(entry.getKey().name());
                if (values != null) {
                    result.graph()
                            .setInitializer(
                                    entry.getKey(),
                                    Tensor.ofFloats(entry.getValue().shape(), values));
                }
            }
            OnnxWriter.write(result, file, WriteOptions.defaults());
        }
    }

    private Batches batches() {
        return new Batches() {
            @Override
            public long perEpoch() {
                return pictures.size() / BATCH;
            }

            @Override
            public Batch get(long epoch, long index) {
                Random random = new Random(epoch * 1000 + index);
                float[] values = new float[BATCH * SIDE * SIDE];
                long[] wanted = new long[BATCH];
                for (int i = 0; i < BATCH; i++) {
                    int drawn = random.nextInt(pictures.size());
                    System.arraycopy(pictures.get(drawn), 0, values, i * SIDE * SIDE, SIDE * SIDE);
                    wanted[i] = classes.get(drawn);
                }
                return new Batch(
                        List.of(Tensors.ofFloats(values, BATCH, 1, SIDE, SIDE)),
                        Tensors.ofLongs(wanted, BATCH));
            }
        };
    }

    private static Model network() {
        Graph graph = new Graph("digits");
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        Value x = new Value("x");
        x.setType(
                ElementType.FLOAT,
                new Shape(
                        List.of(
                                new Dimension.Symbolic("batch"),
                                new Dimension.Known(1),
                                new Dimension.Known(SIDE),
                                new Dimension.Known(SIDE))));
        graph.addInput(x);
        Random random = new Random(3);
        Value hidden = layer(graph, random, x, "first", 12, 1, 1);
        hidden = layer(graph, random, hidden, "second", 16, 12, 2);
        hidden = layer(graph, random, hidden, "third", 16, 16, 1);
        hidden = layer(graph, random, hidden, "fourth", 24, 16, 2);
        Node pool = new Node("GlobalAveragePool", "pool", hidden);
        Node flat = new Node("Flatten", "flat", pool.addOutput("pooled"));
        Node last =
                new Node(
                        "Gemm",
                        "last",
                        flat.addOutput("flattened"),
                        weight(graph, random, "last.weight", 24, CLASSES, 24),
                        weight(graph, random, "last.bias", 1e6, CLASSES));
        last.setAttribute("transB", 1);
        graph.add(pool);
        graph.add(flat);
        graph.add(last);
        graph.addOutput(last.addOutput("logits"));
        return model;
    }

    private static Value layer(
            Graph graph, Random random, Value input, String name, int out, int in, int stride) {
        Node convolution =
                new Node(
                        "Conv",
                        name,
                        input,
                        weight(graph, random, name + ".weight", 4.5 * in, out, in, 3, 3),
                        weight(graph, random, name + ".bias", 1e6, out));
        convolution.setAttribute("pads", new long[] {1, 1, 1, 1});
        convolution.setAttribute("strides", new long[] {stride, stride});
        Node relu = new Node("Relu", name + ".relu", convolution.addOutput(name + ".sum"));
        graph.add(convolution);
        graph.add(relu);
        return relu.addOutput(name + ".out");
    }

    private static Value weight(
            Graph graph, Random random, String name, double inputs, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
        }
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    private static final class Quiet implements TrainingListener {
        @Override
        public void stepped(long step, long steps, double loss) {
            // Nobody waits for it.
        }

        @Override
        public void evaluated(TrainingPoint point, boolean best, QuantizedNetwork network) {
            // Only the last one counts.
        }
    }
}
