package dev.fewbit.runtime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;

import dev.fewbit.runtime.data.Dimension;
import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Types and shapes, from ONNX Runtime's words to ours and back. */
final class TensorTypes {

    private TensorTypes() {}

    /** The type of a tensor's elements; empty when they cannot be read as numbers. */
    static Optional<NumberType> numberType(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(NumberType.FLOAT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(NumberType.FLOAT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(NumberType.FLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(NumberType.BFLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(NumberType.INT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(NumberType.UINT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(NumberType.INT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(NumberType.UINT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(NumberType.INT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(NumberType.UINT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(NumberType.INT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(NumberType.UINT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(NumberType.BOOL);
            // ONNX Runtime may know more types than its Java API can hand over.
            default -> Optional.empty();
        };
    }

    /** The Java type under which ONNX Runtime is fed; empty when it cannot be fed. */
    static Optional<OnnxJavaType> javaType(NumberType type) {
        return switch (type) {
            case BOOL -> Optional.of(OnnxJavaType.BOOL);
            case INT8 -> Optional.of(OnnxJavaType.INT8);
            case UINT8 -> Optional.of(OnnxJavaType.UINT8);
            case INT16 -> Optional.of(OnnxJavaType.INT16);
            case INT32 -> Optional.of(OnnxJavaType.INT32);
            case INT64 -> Optional.of(OnnxJavaType.INT64);
            case FLOAT16 -> Optional.of(OnnxJavaType.FLOAT16);
            case BFLOAT16 -> Optional.of(OnnxJavaType.BFLOAT16);
            case FLOAT32 -> Optional.of(OnnxJavaType.FLOAT);
            case FLOAT64 -> Optional.of(OnnxJavaType.DOUBLE);
            case UINT16, UINT32, UINT64 -> Optional.empty();
        };
    }

    static List<Dimension> dimensions(TensorInfo info) {
        List<Dimension> dimensions = new ArrayList<>();
        long[] shape = info.getShape();
        String[] names = info.getDimensionNames();
        for (int axis = 0; axis < shape.length; axis++) {
            String symbol = names != null && axis < names.length ? names[axis] : "";
            dimensions.add(
                    shape[axis] < 0
                            ? new Dimension(Dimension.FREE, symbol == null ? "" : symbol)
                            : new Dimension(shape[axis], ""));
        }
        return dimensions;
    }

    static InputSpecification input(String model, String name, NodeInfo node) {
        if (node.getInfo() instanceof TensorInfo info) {
            Optional<NumberType> type = numberType(info).filter(t -> javaType(t).isPresent());
            if (type.isPresent()) {
                return new InputSpecification(name, type.get(), dimensions(info));
            }
        }
        throw new RuntimeModelException(
                model,
                "input '" + name + "' is " + node.getInfo() + ", which cannot be fed from Java",
                "Only tensors of bool, int8, uint8, int16, int32, int64 and floating-point types"
                        + " can be compared");
    }

    static OutputSpecification output(String name, NodeInfo node) {
        return node.getInfo() instanceof TensorInfo info
                ? new OutputSpecification(name, numberType(info), dimensions(info))
                : new OutputSpecification(name, Optional.empty(), List.of());
    }
}
