package dev.fewbit.runtime.constant;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.prepare.ConstantEvaluationException;
import dev.fewbit.onnx.prepare.ConstantEvaluator;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.session.SessionSettings.Optimization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Computes constant graphs with ONNX Runtime, on one thread and without optimization, so that the
 * result does not depend on the machine's load.
 */
public final class RuntimeConstants implements ConstantEvaluator {

    /** Constants beyond this go through a file rather than through the heap. */
    private static final long MOST_BYTES_IN_MEMORY = 64L << 20;

    private static final SessionSettings SETTINGS =
            SessionSettings.withThreads(1).optimized(Optimization.NONE);

    @Override
    public Map<String, Tensor> evaluate(Model constantGraph) {
        try {
            return isSmall(constantGraph) ? inMemory(constantGraph) : throughFile(constantGraph);
        } catch (RuntimeModelException failure) {
            throw new ConstantEvaluationException(failure.problem(), failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isSmall(Model model) {
        long bytes = 0;
        for (Tensor tensor : model.graph().initializers().values()) {
            bytes += tensor.byteSize();
        }
        return bytes <= MOST_BYTES_IN_MEMORY;
    }

    private static Map<String, Tensor> inMemory(Model model) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(OnnxWriter.toBytes(model));
        try (ModelSession session = ModelSession.open("constants", bytes, SETTINGS)) {
            return run(session);
        }
    }

    private static Map<String, Tensor> throughFile(Model model) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-constants")) {
            Path file = folder.file("constants.onnx");
            OnnxWriter.write(model, file, WriteOptions.defaults());
            try (ModelSession session = ModelSession.open(file, SETTINGS)) {
                return run(session);
            }
        }
    }

    private static Map<String, Tensor> run(ModelSession session) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        if (session.outputs().stream().allMatch(output -> output.type().isEmpty())) {
            return tensors;
        }
        session.run(new Sample(0, Map.of(), Optional.empty()))
                .forEach((name, array) -> tensors.put(name, tensor(array)));
        return tensors;
    }

    private static Tensor tensor(NumberArray array) {
        ByteBuffer source = array.bytes();
        byte[] raw = new byte[source.remaining()];
        source.get(raw);
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            reverse(raw, array.type().byteSize());
        }
        return Tensor.ofBytes(elementType(array.type()), array.shape(), raw);
    }

    private static void reverse(byte[] raw, int width) {
        for (int from = 0; from < raw.length; from += width) {
            for (int i = 0; i < width / 2; i++) {
                byte low = raw[from + i];
                raw[from + i] = raw[from + width - 1 - i];
                raw[from + width - 1 - i] = low;
            }
        }
    }

    private static ElementType elementType(NumberType type) {
        return switch (type) {
            case BOOL -> ElementType.BOOL;
            case INT8 -> ElementType.INT8;
            case UINT8 -> ElementType.UINT8;
            case INT16 -> ElementType.INT16;
            case UINT16 -> ElementType.UINT16;
            case INT32 -> ElementType.INT32;
            case UINT32 -> ElementType.UINT32;
            case INT64 -> ElementType.INT64;
            case UINT64 -> ElementType.UINT64;
            case FLOAT16 -> ElementType.FLOAT16;
            case BFLOAT16 -> ElementType.BFLOAT16;
            case FLOAT32 -> ElementType.FLOAT;
            case FLOAT64 -> ElementType.DOUBLE;
        };
    }
}
