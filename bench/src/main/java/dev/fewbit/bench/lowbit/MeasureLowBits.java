package dev.fewbit.bench.lowbit;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One layer with weights of every width and encoding beside the float layer: in one process, on one
 * thread, in turn.
 */
public final class MeasureLowBits {
    private static final int BAD_USAGE = 2;

    /** The kernels that the encodings are made for. */
    private static final List<String> KERNELS =
            List.of("QLinearConv", "QLinearMatMul", "MatMulNBits", "Conv", "FusedConv", "MatMul");

    private final Path folder;
    private final Layer layer;
    private final int rounds;
    private final Map<String, Path> models = new LinkedHashMap<>();

    private MeasureLowBits(Path folder, Layer layer, int rounds) {
        this.folder = folder;
        this.layer = layer;
        this.rounds = rounds;
    }

    /**
     * Measures.
     *
     * @param arguments {@code FOLDER ROUNDS}: where models are written, and how often each runs
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: MeasureLowBits FOLDER ROUNDS");
            System.exit(BAD_USAGE);
        }
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        System.out.println("ONNX Runtime " + ModelSession.runtimeVersion() + ", one thread.");
        new MeasureLowBits(folder, Layer.CONVOLUTION, rounds).convolutions();
        new MeasureLowBits(folder, Layer.product(1), rounds).products();
        new MeasureLowBits(folder, Layer.product(128), Math.ceilDiv(rounds, 5)).products();
    }

    private void convolutions() throws IOException {
        addFloat();
        for (int bits = 8; bits >= 1; bits--) {
            Affine format = new Affine(bits, true, true);
            add("integer, " + bits + " bits", format, Grouping.CHANNEL, Encoding.INTEGER);
        }
        Affine four = new Affine(4, false, false);
        add("folded, 4 bits", four, Grouping.CHANNEL, Encoding.FOLDED);
        measure();
    }

    private void products() throws IOException {
        addFloat();
        for (int bits = 8; bits >= 1; bits--) {
            Affine format = new Affine(bits, false, false);
            for (int block : bits == 2 ? new int[] {16, 32, 64, 128, 256} : new int[] {32}) {
                add(bits + " bits, block " + block, format, Grouping.block(block));
            }
        }
        Grouping twoLevels = Grouping.block(32).withScaleBits(8);
        add("4 bits, block 32, scales of 8 bits", new Affine(4, false, false), twoLevels);
        add("4 bits, channel", new Affine(4, false, false), Grouping.CHANNEL);
        Affine four = new Affine(4, true, true);
        add("integer, 4 bits", four, Grouping.CHANNEL, Encoding.INTEGER);
        add("folded, 3 bits", new Affine(3, false, false), Grouping.block(32), Encoding.FOLDED);
        measure();
    }

    private void addFloat() throws IOException {
        Path file = next();
        layer.write(file);
        models.put("float", file);
    }

    private void add(String label, Affine format, Grouping grouping) throws IOException {
        add(label, format, grouping, Encoding.DEQUANTIZED_MATMUL);
    }

    private void add(String label, Affine format, Grouping grouping, Encoding encoding)
            throws IOException {
        Path file = next();
        layer.write(file, format, grouping, encoding);
        models.put(label, file);
    }

    private Path next() {
        return folder.resolve("layer-" + models.size() + ".onnx");
    }

    private void measure() throws IOException {
        Sample sample = new Sample(0, Map.of("x", layer.sample()), Optional.empty());
        List<String> labels = List.copyOf(models.keySet());
        List<String> kernels = new ArrayList<>();
        List<ModelSession> sessions = new ArrayList<>();
        List<PreparedRun> runs = new ArrayList<>();
        try {
            for (String label : labels) {
                Path rewritten = folder.resolve("optimized.onnx");
                ModelSession session =
                        ModelSession.open(
                                Objects.requireNonNull(models.get(label)),
                                SessionSettings.withThreads(1).writingOptimizedModel(rewritten));
                sessions.add(session);
                runs.add(session.prepare(sample));
                kernels.add(kernel(rewritten));
            }
            report(labels, kernels, times(runs));
        } finally {
            runs.forEach(PreparedRun::close);
            sessions.forEach(ModelSession::close);
        }
    }

    private double[][] times(List<PreparedRun> runs) {
        double[][] times = new double[runs.size()][rounds];
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < times.length; i++) {
                // Once untimed, so that the caches hold this layer and not the one before.
                runs.get(i).run();
                long start = System.nanoTime();
                runs.get(i).run();
                if (round >= 0) {
                    times[i][round] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        for (double[] each : times) {
            Arrays.sort(each);
        }
        return times;
    }

    private void report(List<String> labels, List<String> kernels, double[][] times)
            throws IOException {
        System.out.println();
        System.out.println(layer + ", " + rounds + " rounds");
        System.out.println();
        System.out.println("| weights | kernel | file | least ms | median ms | float / this |");
        System.out.println("|---|---|---|---|---|---|");
        for (int i = 0; i < times.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f kB | %.3f | %.3f | %.2f |%n",
                    labels.get(i),
                    kernels.get(i),
                    Files.size(Objects.requireNonNull(models.get(labels.get(i)))) / 1e3,
                    times[i][0],
                    times[i][rounds / 2],
                    times[0][rounds / 2] / times[i][rounds / 2]);
        }
    }

    private static String kernel(Path optimized) throws IOException {
        for (Node node : OnnxReader.read(optimized).graph().nodes()) {
            if (KERNELS.contains(node.opType())) {
                return node.opType();
            }
        }
        return "none of them";
    }
}
