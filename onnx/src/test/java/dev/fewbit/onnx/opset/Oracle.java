package dev.fewbit.onnx.opset;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ONNX Runtime as the judge of what a model computes. */
final class Oracle {

    /**
     * Data for a model input, or what an output held: type, shape and bytes, compared bit by bit.
     */
    record Array(OnnxJavaType type, List<Long> shape, ByteBuffer bytes) {

        static Array floats(long[] shape, float... values) {
            ByteBuffer bytes = allocate(values.length * Float.BYTES);
            bytes.asFloatBuffer().put(values);
            return new Array(OnnxJavaType.FLOAT, list(shape), bytes);
        }

        static Array longs(long[] shape, long... values) {
            ByteBuffer bytes = allocate(values.length * Long.BYTES);
            bytes.asLongBuffer().put(values);
            return new Array(OnnxJavaType.INT64, list(shape), bytes);
        }

        /** Numbers between -2 and 2 without order or repetition. */
        static Array waves(long... shape) {
            int count = (int) Arrays.stream(shape).reduce(1, (left, right) -> left * right);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (2 * Math.sin(i * 1.7 + 0.3));
            }
            return floats(shape, values);
        }

        /** The numbers of a float array. */
        float[] floats() {
            float[] values = new float[bytes.remaining() / Float.BYTES];
            bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            return values;
        }

        private static List<Long> list(long[] shape) {
            return Arrays.stream(shape).boxed().toList();
        }

        private static ByteBuffer allocate(int size) {
            return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private Oracle() {}

    /** Runs a model as it is written, without the runtime's graph optimizations. */
    static Map<String, Array> run(byte[] model, Map<String, Array> inputs) throws OrtException {
        return run(model, inputs, OptLevel.NO_OPT);
    }

    /** Runs a model; every output by its name, in order. */
    static Map<String, Array> run(byte[] model, Map<String, Array> inputs, OptLevel level)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            try (OrtSession session = environment.createSession(model, options)) {
                for (Map.Entry<String, Array> input : inputs.entrySet()) {
                    feeds.put(input.getKey(), tensor(environment, input.getValue()));
                }
                try (OrtSession.Result result = session.run(feeds)) {
                    return read(result);
                }
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Array array) throws OrtException {
        long[] shape = array.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(
                environment,
                array.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN),
                shape,
                array.type());
    }

    private static Map<String, Array> read(OrtSession.Result result) {
        Map<String, Array> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> entry : result) {
            OnnxTensor tensor = (OnnxTensor) entry.getValue();
            long[] shape = tensor.getInfo().getShape();
            boolean empty = Arrays.stream(shape).anyMatch(size -> size == 0);
            ByteBuffer bytes = empty ? ByteBuffer.allocate(0) : copy(tensor.getByteBuffer());
            outputs.put(entry.getKey(), new Array(tensor.getInfo().type, Array.list(shape), bytes));
        }
        return outputs;
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }
}
