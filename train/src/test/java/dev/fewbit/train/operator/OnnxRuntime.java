package dev.fewbit.train.operator;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What ONNX Runtime computes. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    /** The outputs of a model, in their order. */
    static List<Tensor> run(Path file, Map<String, Tensor> inputs)
            throws OrtException, IOException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            // As the specification has it, nothing rewritten.
            options.setOptimizationLevel(OptLevel.NO_OPT);
            try (OrtSession session = environment.createSession(file.toString(), options)) {
                Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
                for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                    feeds.put(input.getKey(), feed(environment, input.getValue()));
                }
                List<Tensor> results = new ArrayList<>();
                try (OrtSession.Result result = session.run(feeds)) {
                    for (int i = 0; i < result.size(); i++) {
                        results.add(result((OnnxTensor) result.get(i)));
                    }
                }
                feeds.values().forEach(OnnxTensor::close);
                return results;
            }
        }
    }

    private static OnnxTensor feed(OrtEnvironment environment, Tensor value)
            throws OrtException, IOException {
        OnnxJavaType type =
                switch (value.elementType()) {
                    case FLOAT -> OnnxJavaType.FLOAT;
                    case DOUBLE -> OnnxJavaType.DOUBLE;
                    case INT64 -> OnnxJavaType.INT64;
                    case INT32 -> OnnxJavaType.INT32;
                    case INT8 -> OnnxJavaType.INT8;
                    case UINT8 -> OnnxJavaType.UINT8;
                    case BOOL -> OnnxJavaType.BOOL;
                    default -> throw new AssertionError("no test feeds " + value);
                };
        byte[] raw = value.bytes();
        ByteBuffer bytes = ByteBuffer.allocateDirect(raw.length).order(ByteOrder.nativeOrder());
        bytes.put(raw).flip();
        return OnnxTensor.createTensor(environment, bytes, value.shape(), type);
    }

    private static Tensor result(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        // The names of the runtime's types end in ours.
        String name = info.onnxType.name();
        ElementType type = ElementType.valueOf(name.substring(name.indexOf("TYPE_") + 5));
        byte[] raw = new byte[(int) type.byteSize(info.getNumElements())];
        tensor.getByteBuffer().get(raw);
        return Tensor.ofBytes(type, info.getShape(), raw);
    }
}
