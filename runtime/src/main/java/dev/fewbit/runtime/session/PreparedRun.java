package dev.fewbit.runtime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One sample in native memory, ready to be run through a session. Close it. Only the thread that
 * made it may use it.
 */
public final class PreparedRun implements AutoCloseable {

    private final String model;
    private final String place;
    private final OrtSession session;
    private final Set<String> outputs;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private final Arena arena = Arena.ofConfined();

    private PreparedRun(String model, OrtSession session, Sample sample, Set<String> outputs) {
        this.model = model;
        this.place = "sample " + sample.index();
        this.session = session;
        this.outputs = outputs;
    }

    static PreparedRun of(
            String model,
            OrtSession session,
            ModelSession owner,
            Sample sample,
            Set<String> outputs) {
        PreparedRun run = new PreparedRun(model, session, sample, outputs);
        try {
            for (InputSpecification input : owner.inputs().inputs()) {
                NumberArray array = owner.input(sample, input.name());
                run.add(input.name(), array);
            }
            return run;
        } catch (RuntimeException failure) {
            run.close();
            throw failure;
        }
    }

    /**
     * Runs the model and drops its outputs, for timing.
     *
     * @throws RuntimeModelException if ONNX Runtime rejects the inputs or fails
     */
    public void run() {
        execute().close();
    }

    /**
     * Runs the model.
     *
     * @return every output that can be read as numbers, by name, copied to the heap
     * @throws RuntimeModelException if ONNX Runtime rejects the inputs or fails
     */
    public Map<String, NumberArray> outputs() {
        Map<String, NumberArray> arrays = new LinkedHashMap<>();
        try (OrtSession.Result result = execute()) {
            for (Map.Entry<String, OnnxValue> entry : result) {
                if (entry.getValue() instanceof OnnxTensor tensor) {
                    copy(tensor).ifPresent(array -> arrays.put(entry.getKey(), array));
                }
            }
        }
        return arrays;
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
        arena.close();
    }

    private void add(String input, NumberArray array) {
        ByteBuffer source = array.bytes();
        ByteBuffer bytes =
                arena.allocate(Math.max(source.remaining(), 1), 64)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder());
        bytes.put(source).flip();
        try {
            tensors.put(
                    input,
                    OnnxTensor.createTensor(
                            RuntimeEnvironment.get(),
                            bytes,
                            array.shape(),
                            TensorTypes.javaType(array.type()).orElseThrow()));
        } catch (OrtException failure) {
            throw new RuntimeModelException(
                    model,
                    "feeding " + array + " to input '" + input + "'",
                    failure,
                    "Check the sample data");
        }
    }

    /** Runs the model; the result is to be closed. */
    OrtSession.Result execute() {
        try {
            return session.run(tensors, outputs);
        } catch (OrtException failure) {
            throw new RuntimeModelException(
                    model,
                    "running " + place,
                    failure,
                    "Check that the values and shapes of the inputs are what the model expects");
        }
    }

    private static Optional<NumberArray> copy(OnnxTensor tensor) {
        Optional<NumberType> type = TensorTypes.numberType(tensor.getInfo());
        if (type.isEmpty()) {
            return Optional.empty();
        }
        long[] shape = tensor.getInfo().getShape();
        ByteBuffer bytes = tensor.getByteBuffer();
        return Optional.of(
                new NumberArray(type.get(), shape, bytes == null ? ByteBuffer.allocate(0) : bytes));
    }
}
