package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Small constants (shapes, shift distances) that many weights need, each stored once in the model's
 * own graph.
 */
final class SharedConstants {
    private final Graph graph;
    private final Map<String, Value> values = new HashMap<>();

    SharedConstants(Graph graph) {
        this.graph = graph;
    }

    /** A one-dimensional int64 tensor: a shape, or the bounds of a slice. */
    Value longs(long... values) {
        return value(
                "longs" + Arrays.toString(values),
                () -> Tensor.ofLongs(new long[] {values.length}, values));
    }

    /** An uint8 scalar: a shift distance. */
    Value unsignedByte(int value) {
        return value(
                "uint8 " + value,
                () -> Tensor.ofBytes(ElementType.UINT8, new long[0], new byte[] {(byte) value}));
    }

    /**
     * Distances {@code [p, 1]} by which bytes are shifted left, so that one code after the other is
     * at the top.
     *
     * @param bits width of a code: 1, 2 or 4, of which p = 8, 4 or 2 share a byte
     */
    Value shifts(int bits) {
        byte[] distances = new byte[8 / bits];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = (byte) (8 - bits * (i + 1));
        }
        return value(
                "shifts " + bits,
                () ->
                        Tensor.ofBytes(
                                ElementType.UINT8, new long[] {distances.length, 1}, distances));
    }

    /** A float scalar: a scale. */
    Value number(float value) {
        return value(
                "float " + Float.floatToIntBits(value), () -> Tensor.ofFloats(new long[0], value));
    }

    /** An int32 scalar. */
    Value integer(int value) {
        return value("int32 " + value, () -> Tensor.ofInts(new long[0], value));
    }

    /**
     * The levels of a format that has the same ones for all weights, in ascending order.
     *
     * @param type FLOAT, or INT8 if they are integers
     */
    Value levels(LevelFormat format, ElementType type) {
        LevelTable table = LevelTable.ofFormat(format).orElseThrow();
        long[] shape = {table.size()};
        return value(
                "levels " + format.label() + " " + type,
                () ->
                        type == ElementType.INT8
                                ? Tensor.ofBytes(type, shape, table.integers())
                                : Tensor.ofFloats(shape, table.levels()));
    }

    /** A scalar code: a zero point, or a bound of codes. */
    Value code(ElementType type, int code) {
        return value(
                type + " " + code,
                () ->
                        Tensor.ofBytes(
                                type,
                                new long[0],
                                type.bits() == 8
                                        ? new byte[] {(byte) code}
                                        : new byte[] {(byte) code, (byte) (code >> 8)}));
    }

    /** The zero points of symmetric int8 channels. */
    Value zeros(int channels) {
        return value(
                "int8 zeros " + channels,
                () -> Tensor.ofBytes(ElementType.INT8, new long[] {channels}, new byte[channels]));
    }

    private Value value(String key, Supplier<Tensor> tensor) {
        return values.computeIfAbsent(
                key, _ -> graph.addInitializer(graph.freshName("fewbit.constant"), tensor.get()));
    }
}
