package dev.fewbit.bench.train;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.random.RandomSamples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.train.graph.Interpreter;
import dev.fewbit.train.graph.Taps;
import dev.fewbit.train.torch.Tensors;
import dev.fewbit.training.TensorTypes;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network in ONNX Runtime and on libtorch, on the same random inputs.
 *
 * @param inputs what they are
 * @param error the largest difference of an output, in units of the largest absolute value of that
 *     output; infinite if only one of them is a number, or shapes differ
 * @param runtimeMillis median time of a run in ONNX Runtime
 * @param torchMillis median time of a run on libtorch, without gradients
 */
record TwoRuns(String inputs, double error, double runtimeMillis, double torchMillis) {
    private static final long SEED = 7;
    private static final int ROUNDS = 21;

    /** Until Java's own part is compiled. */
    private static final int UNTIMED = 20;

    /**
     * Runs both, several times in turn.
     *
     * @throws dev.fewbit.train.operator.OperatorException if libtorch cannot run the network
     */
    static TwoRuns of(Path path, int threads) throws IOException {
        torch.set_num_threads(threads);
        Model model = OnnxReader.read(path);
        try (ModelSession session = ModelSession.open(path, SessionSettings.withThreads(threads))) {
            RandomSamples samples = RandomSamples.fitting(session, model.graph(), SEED, 1);
            Sample sample = samples.first(1).getFirst();
            // Raising the model below must not change what is told of its inputs.
            String description = samples.description();
            try (PreparedRun prepared = session.prepare(sample);
                    Interpreter interpreter = Interpreter.of(model)) {
                Map<String, NumberArray> expected = prepared.outputs();
                double error = 0;
                for (int round = 0; round < UNTIMED; round++) {
                    error = Math.max(error, run(interpreter, sample, expected).error);
                }
                double[] runtime = new double[ROUNDS];
                double[] torch = new double[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    long start = System.nanoTime();
                    prepared.run();
                    runtime[round] = (System.nanoTime() - start) / 1e6;
                    Timed timed = run(interpreter, sample, expected);
                    torch[round] = timed.millis;
                    error = Math.max(error, timed.error);
                }
                return new TwoRuns(description, error, median(runtime), median(torch));
            }
        }
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private record Timed(double error, double millis) {}

    private static Timed run(
            Interpreter interpreter, Sample sample, Map<String, NumberArray> expected) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            List<Tensor> inputs = new ArrayList<>();
            for (Value input : interpreter.model().graph().inputs()) {
                NumberArray array = sample.inputs().get(input.name());
                if (array != null) {
                    inputs.add(tensor(array));
                }
            }
            long start = System.nanoTime();
            List<Tensor> outputs = interpreter.run(inputs, Taps.NONE);
            double millis = (System.nanoTime() - start) / 1e6;
            double error = 0;
            for (int i = 0; i < outputs.size(); i++) {
                String name = interpreter.model().graph().outputs().get(i).name();
                NumberArray wanted = Objects.requireNonNull(expected.get(name), name);
                error = Math.max(error, error(outputs.get(i), wanted));
            }
            return new Timed(error, millis);
        }
    }

    private static Tensor tensor(NumberArray array) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment heap = MemorySegment.ofBuffer(array.bytes());
            MemorySegment copy = arena.allocate(heap.byteSize()).copyFrom(heap);
            return Tensors.ofBytes(copy, TensorTypes.of(array.type()), array.shape());
        }
    }

    private static double error(Tensor actual, NumberArray wanted) {
        if (!Arrays.equals(Tensors.shape(actual), wanted.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        float[] values = Tensors.floats(actual);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < values.length; i++) {
            float expected = (float) wanted.doubleAt(i);
            largest = Math.max(largest, Float.isFinite(expected) ? Math.abs(expected) : 0);
            if (Float.compare(values[i], expected) != 0) {
                double apart = Math.abs((double) values[i] - expected);
                difference =
                        Math.max(
                                difference, Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart);
            }
        }
        return difference == 0 ? 0 : difference / largest;
    }
}
