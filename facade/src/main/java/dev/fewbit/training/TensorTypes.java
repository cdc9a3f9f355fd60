package dev.fewbit.training;

import dev.fewbit.runtime.data.NumberType;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Types of numbers in data, as libtorch calls them. */
public final class TensorTypes {
    private TensorTypes() {}

    /** The type of a tensor that holds such numbers. */
    public static ScalarType of(NumberType type) {
        return switch (type) {
            case BOOL -> ScalarType.Bool;
            case INT8 -> ScalarType.Char;
            case UINT8 -> ScalarType.Byte;
            case INT16 -> ScalarType.Short;
            case UINT16 -> ScalarType.UInt16;
            case INT32 -> ScalarType.Int;
            case UINT32 -> ScalarType.UInt32;
            case INT64 -> ScalarType.Long;
            case UINT64 -> ScalarType.UInt64;
            case FLOAT16 -> ScalarType.Half;
            case BFLOAT16 -> ScalarType.BFloat16;
            case FLOAT32 -> ScalarType.Float;
            case FLOAT64 -> ScalarType.Double;
        };
    }
}
