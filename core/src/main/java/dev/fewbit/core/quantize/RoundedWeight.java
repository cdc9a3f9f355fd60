package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;

import java.util.List;

/**
 * A weight that something else has rounded, for example with regard to data: codes and parameters
 * that are to be stored as they are. The arrays are not copied and must not change any more.
 *
 * @param codes one code a byte, in the order of the float tensor; unsigned ones above 127 included
 * @param scales one for each group, in the order of {@link GroupGeometry}, normal numbers; those of
 *     levels from tables may be negative, and there are none where {@link LevelTensor#hasScales}
 *     says so
 * @param zeroPoints one for each group; none for levels from tables
 * @param tables the tables of a codebook, in the order of the channels that they are for; none for
 *     other formats
 */
@SuppressWarnings("ArrayRecordComponent") // large, and handed on once
public record RoundedWeight(
        byte[] codes, float[] scales, int[] zeroPoints, List<LevelTable> tables) {

    /** Copies the list. */
    public RoundedWeight {
        tables = List.copyOf(tables);
    }

    /** Evenly spaced levels. */
    public RoundedWeight(byte[] codes, float[] scales, int[] zeroPoints) {
        this(codes, scales, zeroPoints, List.of());
    }

    /**
     * Checks that it is a weight of these groups in this format.
     *
     * @param name name of the tensor, for the message
     * @throws IllegalArgumentException saying what does not fit
     */
    public void check(String name, Affine format, GroupGeometry geometry) {
        if (codes.length != geometry.elementCount()) {
            throw new IllegalArgumentException(
                    "tensor '%s' has %d elements, but was rounded to %d codes"
                            .formatted(name, geometry.elementCount(), codes.length));
        }
        if (scales.length != geometry.groupCount() || zeroPoints.length != scales.length) {
            throw new IllegalArgumentException(
                    "tensor '%s' has %d groups, but was rounded with %d scales and %d zero points"
                            .formatted(
                                    name, geometry.groupCount(), scales.length, zeroPoints.length));
        }
        for (int group = 0; group < scales.length; group++) {
            float scale = scales[group];
            int zeroPoint = zeroPoints[group];
            if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)
                    || (format.symmetric()
                            ? zeroPoint != format.middle()
                            : zeroPoint < format.qmin() || zeroPoint > format.qmax())) {
                throw new IllegalArgumentException(
                        "tensor '%s' was rounded with scale %s and zero point %d in group %d; %s expects a normal number and %s"
                                .formatted(
                                        name,
                                        scale,
                                        zeroPoint,
                                        group,
                                        format.label(),
                                        format.symmetric()
                                                ? format.middle()
                                                : format.qmin() + " to " + format.qmax()));
            }
        }
        for (int i = 0; i < codes.length; i++) {
            int code = format.signed() ? codes[i] : codes[i] & 0xFF;
            if (code < format.qmin() || code > format.qmax()) {
                throw new IllegalArgumentException(
                        "element %d of tensor '%s' was rounded to code %d; %s has %d to %d"
                                .formatted(
                                        i,
                                        name,
                                        code,
                                        format.label(),
                                        format.qmin(),
                                        format.qmax()));
            }
        }
    }

    /**
     * Checks that it is a weight of these groups in a format with levels from tables.
     *
     * @param name name of the tensor, for the message
     * @param geometry which elements share a table
     * @param scaling what kind of scales there are
     * @throws IllegalArgumentException saying what does not fit
     */
    public void check(
            String name,
            LevelFormat format,
            GroupGeometry groups,
            TableGeometry geometry,
            LevelScaling scaling) {
        requireCount(name, "elements", groups.elementCount(), "codes", codes.length);
        requireCount(name, "groups with scales", scaling.scales(groups), "scales", scales.length);
        requireCount(name, "groups with zero points", 0, "zero points", zeroPoints.length);
        int expected = format instanceof Codebook ? geometry.tables() : 0;
        requireCount(name, "learned tables", expected, "tables", tables.size());
        for (LevelTable table : tables) {
            if (table.size() != format.levelCount() || (format.integral() && !table.integral())) {
                throw new IllegalArgumentException(
                        "tensor '%s' was rounded to %s; %s expects %d levels%s"
                                .formatted(
                                        name,
                                        table,
                                        format.label(),
                                        format.levelCount(),
                                        format.integral() ? ", integers from -128 to 127" : ""));
            }
        }
        for (int group = 0; group < scales.length; group++) {
            float scale = scales[group];
            boolean positive = scaling == LevelScaling.TWO_LEVELS;
            if (!Float.isFinite(scale) || scale == 0 || (positive && scale < 0)) {
                throw new IllegalArgumentException(
                        "tensor '%s' was rounded with scale %s in group %d; %s expects a finite %s number"
                                .formatted(
                                        name,
                                        scale,
                                        group,
                                        format.label(),
                                        positive ? "positive" : "nonzero"));
            }
        }
        for (int i = 0; i < codes.length; i++) {
            if ((codes[i] & 0xFF) >= format.levelCount()) {
                throw new IllegalArgumentException(
                        "element %d of tensor '%s' was rounded to code %d; %s has 0 to %d"
                                .formatted(
                                        i,
                                        name,
                                        codes[i] & 0xFF,
                                        format.label(),
                                        format.levelCount() - 1));
            }
        }
    }

    private static void requireCount(
            String name, String what, long expected, String parts, long got) {
        if (got != expected) {
            throw new IllegalArgumentException(
                    "tensor '%s' has %d %s, but was rounded to %d %s"
                            .formatted(name, expected, what, got, parts));
        }
    }
}
