package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.kernel.AffineKernels;
import dev.fewbit.core.pack.BitPacking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor of affine codes with a scale and a zero point for every group.
 *
 * <p>Codes of 1 to 8 bits are packed as by {@link BitPacking}; wider ones are 16-bit integers, low
 * byte first. Groups are in the order of {@link GroupGeometry}. Immutable.
 */
public final class AffineTensor implements QuantizedTensor {

    private final Affine format;
    private final Granularity granularity;
    private final long[] shape;
    private final GroupGeometry geometry;
    private final byte[] packedCodes;
    private final float[] scales;
    private final int[] zeroPoints;

    /**
     * Puts a tensor together from its parts, which are copied.
     *
     * @param packedCodes codes of all elements, row-major
     * @param scales scale of every group
     * @param zeroPoints zero point of every group
     * @throws IllegalArgumentException when an array does not have the size that the shape asks for
     */
    public AffineTensor(
            Affine format,
            Granularity granularity,
            long[] shape,
            byte[] packedCodes,
            float[] scales,
            int[] zeroPoints) {
        this.format = format;
        this.granularity = granularity;
        this.shape = shape.clone();
        this.geometry = GroupGeometry.of(shape, granularity);
        this.packedCodes = packedCodes.clone();
        this.scales = scales.clone();
        this.zeroPoints = zeroPoints.clone();
        requireSize(
                "bytes of codes", packedSize(format, geometry.elementCount()), packedCodes.length);
        requireSize("scales", geometry.groupCount(), scales.length);
        requireSize("zero points", geometry.groupCount(), zeroPoints.length);
    }

    private static void requireSize(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(
                    "the shape needs %d %s, got %d".formatted(expected, what, actual));
        }
    }

    /** Bytes of the codes of a tensor. */
    static long packedSize(Affine format, long elements) {
        return format.bits() > Byte.SIZE
                ? Math.multiplyExact(elements, 2L)
                : BitPacking.packedSize(elements, format.bits());
    }

    @Override
    public Affine format() {
        return format;
    }

    /** Which elements share parameters. */
    public Granularity granularity() {
        return granularity;
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public long elementCount() {
        return geometry.elementCount();
    }

    /** Where the groups lie. */
    public GroupGeometry geometry() {
        return geometry;
    }

    /** Codes of all elements, row-major; a copy. */
    public byte[] packedCodes() {
        return packedCodes.clone();
    }

    /** Scale of every group; a copy. */
    public float[] scales() {
        return scales.clone();
    }

    /** Zero point of every group; a copy. */
    public int[] zeroPoints() {
        return zeroPoints.clone();
    }

    /**
     * Codes, scales of 32 bits each, and zero points of the codes' width, packed like them; a
     * symmetric format needs no zero points.
     */
    @Override
    public long sizeInBits() {
        long zeroPointBytes = format.symmetric() ? 0 : packedSize(format, zeroPoints.length);
        return Byte.SIZE * (packedCodes.length + zeroPointBytes)
                + (long) Float.SIZE * scales.length;
    }

    @Override
    public float[] dequantize() {
        float[] values = new float[(int) geometry.elementCount()];
        if (values.length == 0) {
            return values;
        }
        short[] codes = codes();
        int length = (int) geometry.length();
        int columns = (int) geometry.inner();
        int groupSize = (int) Math.min(geometry.groupSize(), length);
        int perRun = (int) geometry.groupsPerRun();
        for (int run = 0; run < geometry.outer(); run++) {
            for (int g = 0; g < perRun; g++) {
                int at = (run * length + g * groupSize) * columns;
                int size = Math.min(groupSize, length - g * groupSize);
                int group = (run * perRun + g) * columns;
                dequantizeGroups(codes, at, size, columns, group, values);
            }
        }
        return values;
    }

    /** Some columns of groups, side by side; where there is one, its elements are adjacent. */
    private void dequantizeGroups(
            short[] codes, int at, int size, int columns, int group, float[] values) {
        AffineKernels kernels = AffineKernels.best();
        if (columns == 1) {
            kernels.dequantizeRow(
                    codes, at, size, scales[group], zeroPoints[group], format, values, at);
        } else {
            kernels.dequantizeColumns(
                    codes,
                    at,
                    size,
                    columns,
                    scales,
                    zeroPoints,
                    group,
                    format,
                    values,
                    at,
                    columns);
        }
    }

    /** All codes, one a short; unsigned ones of 16 bits wrap. */
    private short[] codes() {
        short[] codes = new short[(int) geometry.elementCount()];
        if (format.bits() > Byte.SIZE) {
            ByteBuffer.wrap(packedCodes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(codes);
            return codes;
        }
        byte[] bytes = new byte[codes.length];
        int mask = format.signed() ? -1 : 0xFF;
        if (format.signed()) {
            BitPacking.unpackSigned(packedCodes, 0, bytes.length, format.bits(), bytes, 0);
        } else {
            BitPacking.unpack(packedCodes, 0, bytes.length, format.bits(), bytes, 0);
        }
        for (int i = 0; i < bytes.length; i++) {
            codes[i] = (short) (bytes[i] & mask);
        }
        return codes;
    }
}
