package dev.fewbit.onnx.encode;

import dev.fewbit.core.pack.BitPacking;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.QuantizedBand;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Scales and zero points of all groups of a weight, numbered as {@code [outer, blocks, inner]},
 * until they are written.
 */
final class GroupParameters {
    private static final int GROUPS_AT_A_TIME = 1 << 16;

    private final float[] scales;
    private final int[] zeroPoints;
    private final boolean[] meaningless;
    private @Nullable TwoLevelScales twoLevels;

    GroupParameters(long groups) {
        scales = new float[Math.toIntExact(groups)];
        zeroPoints = new int[scales.length];
        meaningless = new boolean[scales.length];
    }

    /** Parameters that are known already; the arrays are copied. */
    GroupParameters(float[] scales, int[] zeroPoints) {
        this.scales = scales.clone();
        this.zeroPoints = zeroPoints.clone();
        this.meaningless = new boolean[scales.length];
    }

    float scale(int group) {
        return scales[group];
    }

    int zeroPoint(int group) {
        return zeroPoints[group];
    }

    /** Scales of all groups; a copy. */
    float[] scales() {
        return scales.clone();
    }

    /** Zero points of all groups; a copy. */
    int[] zeroPoints() {
        return zeroPoints.clone();
    }

    /** Takes some groups of a band over. */
    void set(QuantizedBand band, int fromGroup, int count, int firstGroup) {
        System.arraycopy(band.scales(), fromGroup, scales, firstGroup, count);
        System.arraycopy(band.zeroPoints(), fromGroup, zeroPoints, firstGroup, count);
        for (int i = 0; i < count; i++) {
            meaningless[firstGroup + i] = band.isZero(fromGroup + i);
        }
    }

    /** Number of groups. */
    int groups() {
        return scales.length;
    }

    /**
     * Raises the magnitudes of scales.
     *
     * @param smallest what they must not fall below; null for no bound
     * @return for each group whether its scale was raised
     */
    boolean[] raise(float @Nullable [] smallest) {
        boolean[] raised = new boolean[scales.length];
        for (int group = 0; smallest != null && group < raised.length; group++) {
            if (Math.abs(scales[group]) < smallest[group]) {
                scales[group] = Math.copySign(smallest[group], scales[group]);
                raised[group] = true;
            }
        }
        return raised;
    }

    /**
     * Stores scales that were found before in two levels.
     *
     * @param name name of the tensor, for the message
     * @throws EncodingException if two levels express other scales
     */
    void keepInTwoLevels(String name, GroupGeometry geometry) {
        float[] given = scales.clone();
        expressInTwoLevels(geometry);
        for (int group = 0; group < given.length; group++) {
            if (scales[group] != given[group]) {
                throw new EncodingException(
                        "tensor '%s' was rounded with scale %s in group %d, which two levels express as %s; round with scales that TwoLevelScales gives"
                                .formatted(name, given[group], group, scales[group]));
            }
        }
    }

    /** Lets the groups of a band have these parameters. */
    void prescribe(QuantizedBand band, int firstGroup) {
        band.setKnownParameters(scales, zeroPoints, firstGroup);
    }

    /**
     * Replaces the scales by the nearest that two levels express, and stores them that way.
     *
     * @param geometry geometry of the groups
     */
    void expressInTwoLevels(GroupGeometry geometry) {
        float[] wanted = scales.clone();
        for (int group = 0; group < wanted.length; group++) {
            wanted[group] = meaningless[group] ? 0 : wanted[group];
        }
        TwoLevelScales expressed = TwoLevelScales.of(wanted, geometry);
        System.arraycopy(expressed.scales(), 0, scales, 0, scales.length);
        twoLevels = expressed;
    }

    /** The group in the middle when groups are ordered by the magnitudes of their scales. */
    int medianGroup() {
        float[] sorted = new float[scales.length];
        for (int group = 0; group < sorted.length; group++) {
            sorted[group] = Math.abs(scales[group]);
        }
        Arrays.sort(sorted);
        float median = sorted[sorted.length / 2];
        return IntStream.range(0, scales.length)
                .filter(group -> Math.abs(scales[group]) == median)
                .findFirst()
                .orElse(0);
    }

    /**
     * Writes the scales: floats, or codes and bases.
     *
     * @param order where the group is that is stored at an index
     * @param bases receives the bases; null for floats
     */
    void writeScales(
            FillContext context, Pending target, @Nullable Pending bases, IntUnaryOperator order)
            throws IOException {
        TwoLevelScales levels = twoLevels;
        if (bases == null || levels == null) {
            writeFloats(context, target, scales.length, i -> scales[order.applyAsInt(i)]);
            return;
        }
        byte[] codes = levels.codes();
        byte[] ordered = new byte[codes.length];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = codes[order.applyAsInt(i)];
        }
        context.write(target, 0, ordered, 0, ordered.length);
        float[] floats = levels.bases();
        writeFloats(context, bases, floats.length, i -> floats[i]);
    }

    private static void writeFloats(FillContext context, Pending target, int total, FloatAt value)
            throws IOException {
        for (int first = 0; first < total; first += GROUPS_AT_A_TIME) {
            int count = Math.min(GROUPS_AT_A_TIME, total - first);
            ByteBuffer bytes =
                    ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                bytes.putFloat(value.at(first + i));
            }
            context.write(target, (long) first * Float.BYTES, bytes.flip());
        }
    }

    /**
     * Writes zero points like codes.
     *
     * @param bits bits of a stored zero point
     * @param offset added to each before
     * @param order where the group is that is stored at an index
     */
    void writeZeroPoints(
            FillContext context, Pending target, int bits, int offset, IntUnaryOperator order)
            throws IOException {
        byte[] codes = new byte[Math.min(GROUPS_AT_A_TIME, zeroPoints.length)];
        byte[] bytes = new byte[codes.length];
        for (int first = 0; first < zeroPoints.length; first += GROUPS_AT_A_TIME) {
            int count = Math.min(GROUPS_AT_A_TIME, zeroPoints.length - first);
            for (int i = 0; i < count; i++) {
                codes[i] = (byte) (zeroPoints[order.applyAsInt(first + i)] + offset);
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

    @FunctionalInterface
    private interface FloatAt {
        float at(int index);
    }
}
