package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes the scalars that adapters need as inputs. */
final class FloatingScalars {

    private FloatingScalars() {}

    /** True for the types of which {@link #scalar} can make a tensor. */
    static boolean isFloating(@Nullable ElementType type) {
        return type == ElementType.FLOAT
                || type == ElementType.FLOAT16
                || type == ElementType.BFLOAT16
                || type == ElementType.DOUBLE;
    }

    /**
     * A scalar of a floating type, rounded to nearest even where the type is narrower than float.
     *
     * @throws IllegalArgumentException for another type
     */
    static Tensor scalar(ElementType type, float value) {
        ByteBuffer raw =
                ByteBuffer.allocate(type.bits() / Byte.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT -> raw.putFloat(value);
            case DOUBLE -> raw.putDouble(value);
            case FLOAT16 -> raw.putShort(Float.floatToFloat16(value));
            case BFLOAT16 -> raw.putShort(toBfloat16(value));
            default -> throw new IllegalArgumentException("Expected a floating type, got " + type);
        }
        return Tensor.ofBytes(type, new long[0], raw.array());
    }

    /** The upper half of the float's bits, rounded to nearest, ties to even. */
    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
