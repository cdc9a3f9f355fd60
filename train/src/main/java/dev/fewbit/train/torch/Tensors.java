package dev.fewbit.train.torch;

import dev.fewbit.onnx.graph.ElementType;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Moves values between Java, ONNX constants and tensors of libtorch. All copy. */
public final class Tensors {
    private static final ValueLayout.OfFloat FLOATS =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfLong LONGS =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.nativeOrder());

    private Tensors() {}

    /** Whether libtorch computes with such elements. */
    public static boolean computesWith(ElementType type) {
        return typeOrNull(type) != null;
    }

    /**
     * The type of a tensor that holds such elements.
     *
     * @throws IllegalArgumentException if libtorch computes with none
     */
    public static ScalarType type(ElementType type) {
        ScalarType found = typeOrNull(type);
        if (found == null) {
            throw new IllegalArgumentException(
                    "elements of type " + type + " cannot be computed with here");
        }
        return found;
    }

    private static @Nullable ScalarType typeOrNull(ElementType type) {
        return switch (type) {
            case FLOAT -> ScalarType.Float;
            case DOUBLE -> ScalarType.Double;
            case FLOAT16 -> ScalarType.Half;
            case BFLOAT16 -> ScalarType.BFloat16;
            case INT8 -> ScalarType.Char;
            case UINT8 -> ScalarType.Byte;
            case INT16 -> ScalarType.Short;
            case INT32 -> ScalarType.Int;
            case INT64 -> ScalarType.Long;
            case BOOL -> ScalarType.Bool;
            case UINT16 -> ScalarType.UInt16;
            case UINT32 -> ScalarType.UInt32;
            case UINT64 -> ScalarType.UInt64;
            default -> null;
        };
    }

    /**
     * A constant of a model.
     *
     * @throws IllegalArgumentException if its elements are of a type that {@link #type} refuses
     */
    public static Tensor of(dev.fewbit.onnx.graph.Tensor constant) throws IOException {
        Tensor tensor = empty(constant.shape(), type(constant.elementType()));
        try (Arena arena = Arena.ofConfined()) {
            // Both are little-endian wherever libtorch runs.
            bytes(tensor).copyFrom(constant.open(arena));
        }
        return tensor;
    }

    /** Floats of a shape. */
    public static Tensor ofFloats(float[] values, long... shape) {
        Tensor tensor = empty(shape, ScalarType.Float);
        MemorySegment.copy(values, 0, bytes(tensor), FLOATS, 0, values.length);
        return tensor;
    }

    /** Integers of a shape. */
    public static Tensor ofLongs(long[] values, long... shape) {
        Tensor tensor = empty(shape, ScalarType.Long);
        MemorySegment.copy(values, 0, bytes(tensor), LONGS, 0, values.length);
        return tensor;
    }

    /** Elements as they lie in memory, in the order of the shape. */
    public static Tensor ofBytes(MemorySegment elements, ScalarType type, long... shape) {
        Tensor tensor = empty(shape, type);
        bytes(tensor).copyFrom(elements);
        return tensor;
    }

    /** A tensor whose elements are anything. */
    public static Tensor empty(long[] shape, ScalarType type) {
        try (TensorOptions options = new TensorOptions(type)) {
            return torch.empty(shape, options, null);
        }
    }

    /** The values as floats, in the order of the shape. */
    public static float[] floats(Tensor tensor) {
        try (Tensor plain = plain(tensor, ScalarType.Float)) {
            float[] values = new float[Math.toIntExact(plain.numel())];
            MemorySegment.copy(bytes(plain), FLOATS, 0, values, 0, values.length);
            return values;
        }
    }

    /** The values as integers, in the order of the shape. */
    public static long[] longs(Tensor tensor) {
        try (Tensor plain = plain(tensor, ScalarType.Long)) {
            long[] values = new long[Math.toIntExact(plain.numel())];
            MemorySegment.copy(bytes(plain), LONGS, 0, values, 0, values.length);
            return values;
        }
    }

    /** The sizes of a tensor, outermost first. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    /**
     * The elements of a tensor that lies in the processor's memory in one piece; valid as long as
     * the tensor.
     */
    public static MemorySegment bytes(Tensor tensor) {
        if (tensor.numel() == 0) {
            return MemorySegment.NULL;
        }
        try (Pointer data = tensor.data_ptr()) {
            return MemorySegment.ofAddress(data.address()).reinterpret(tensor.nbytes());
        }
    }

    private static Tensor plain(Tensor tensor, ScalarType type) {
        try (Tensor alone = tensor.detach();
                Tensor here = alone.cpu();
                Tensor typed = here.to(type)) {
            return typed.contiguous();
        }
    }
}
