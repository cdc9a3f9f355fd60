package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.pack.BitPacking;
import dev.fewbit.core.quantize.QuantizedBand;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Scales and zero points of all groups of a weight, numbered as {@code [outer, blocks, inner]},
 * until they are written.
 */
final class GroupParameters {
    private static final int GROUPS_AT_A_TIME = 1 << 16;

    private final float[] scales;
    private final short[] zeroPoints;

    GroupParameters(long groups) {
        scales = new float[Math.toIntExact(groups)];
        zeroPoints = new short[scales.length];
    }

    float scale(int group) {
        return scales[group];
    }

    int zeroPoint(int group) {
        return zeroPoints[group];
    }

    /** Takes some groups of a band over. */
    void set(QuantizedBand band, int fromGroup, int count, int firstGroup) {
        System.arraycopy(band.scales(), fromGroup, scales, firstGroup, count);
        for (int i = 0; i < count; i++) {
            zeroPoints[firstGroup + i] = (short) band.zeroPoints()[fromGroup + i];
        }
    }

    int medianGroup() {
        if (scales.length == 1) {
            return 0;
        }
        float[] sorted = scales.clone();
        Arrays.sort(sorted);
        float median = sorted[sorted.length / 2];
        return IntStream.range(0, scales.length)
                .filter(group -> scales[group] == median)
                .findFirst()
                .orElse(0);
    }

    /** Turns {@code [rows, columns]} over to {@code [columns, rows]}. */
    void transpose(int rows, int columns) {
        float[] oldScales = scales.clone();
        short[] oldZeroPoints = zeroPoints.clone();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                scales[column * rows + row] = oldScales[row * columns + column];
                zeroPoints[column * rows + row] = oldZeroPoints[row * columns + column];
            }
        }
    }

    void writeScales(FillContext context, Pending target) throws IOException {
        for (int first = 0; first < scales.length; first += GROUPS_AT_A_TIME) {
            int count = Math.min(GROUPS_AT_A_TIME, scales.length - first);
            ByteBuffer bytes =
                    ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(scales, first, count);
            context.write(target, (long) first * Float.BYTES, bytes);
        }
    }

    /**
     * Writes zero points like codes: packed like ONNX's own types, or one a byte and counted from
     * 0.
     */
    void writeZeroPoints(FillContext context, Pending target, Affine format, Storage storage)
            throws IOException {
        boolean packed = storage == Storage.MATRIX && format.bits() < 8;
        int offset = storage == Storage.ROWS && format.bits() < 8 ? -format.qmin() : 0;
        int bits = packed ? format.bits() : 8;
        byte[] codes = new byte[Math.min(GROUPS_AT_A_TIME, zeroPoints.length)];
        byte[] bytes = new byte[codes.length];
        for (int first = 0; first < zeroPoints.length; first += GROUPS_AT_A_TIME) {
            int count = Math.min(GROUPS_AT_A_TIME, zeroPoints.length - first);
            for (int i = 0; i < count; i++) {
                codes[i] = (byte) (zeroPoints[first + i] + offset);
            }
            BitPacking.pack(codes, 0, count, bits, bytes, 0);
            context.write(
                    target,
                    (long) first * bits / 8,
                    bytes,
                    0,
                    Math.toIntExact(BitPacking.packedSize(count, bits)));
        }
    }
}
