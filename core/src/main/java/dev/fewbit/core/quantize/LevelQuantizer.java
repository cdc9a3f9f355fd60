package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.pack.BitPacking;

import java.util.Arrays;

/**
 * Quantizes a tensor that is in memory as a whole to levels that are not evenly spaced.
 *
 * <pre>{@code
 * LevelTensor powers =
 *         LevelQuantizer.quantize(
 *                 weights, new long[] {768, 3072}, PowersOfTwo.of(4), new PerChannel(1),
 *                 Importance.EQUAL);
 * LevelTensor learned =
 *         LevelQuantizer.quantize(
 *                 weights, new long[] {768, 3072}, new Codebook(4), new PerTensor(),
 *                 CodebookSharing.bySize(new long[] {768, 3072}, 1, new Codebook(4)),
 *                 Importance.EQUAL);
 * }</pre>
 */
public final class LevelQuantizer {

    private LevelQuantizer() {}

    /**
     * Quantizes to powers of two.
     *
     * @param values the elements, row-major
     * @param shape dimensions
     * @param granularity which elements share a scale
     * @param importance how much the error of each element counts in the choice of scales
     * @throws NonFiniteValueException when a value is NaN or infinite
     * @throws IllegalArgumentException when values and shape do not agree, or the shape has no such
     *     groups
     */
    public static LevelTensor quantize(
            float[] values,
            long[] shape,
            PowersOfTwo format,
            Granularity granularity,
            Importance importance) {
        return quantizeTo(
                LevelTables.of(LevelTable.of(format)),
                values,
                shape,
                format,
                granularity,
                new OneTable(),
                importance);
    }

    /**
     * Learns tables and quantizes to them.
     *
     * @param values the elements, row-major
     * @param shape dimensions
     * @param granularity which elements share a scale; per tensor there is none, unless entries are
     *     integers
     * @param sharing which elements share a table
     * @param importance how much the error of each element counts
     * @throws NonFiniteValueException when a value is NaN or infinite
     * @throws IllegalArgumentException when values and shape do not agree, the shape has no such
     *     groups, or granularity and sharing do not go together
     */
    public static LevelTensor quantize(
            float[] values,
            long[] shape,
            Codebook format,
            Granularity granularity,
            CodebookSharing sharing,
            Importance importance) {
        requireShape(values, GroupGeometry.of(shape, granularity), shape);
        return quantizeTo(
                CodebookSearch.tables(values, shape, format, granularity, sharing, importance),
                values,
                shape,
                format,
                granularity,
                sharing,
                importance);
    }

    /**
     * Quantizes to tables that are known: every value to the nearest level, with the best scales
     * that a search finds where there are scales. Arguments as in the other functions.
     */
    public static LevelTensor quantizeTo(
            LevelTables tables,
            float[] values,
            long[] shape,
            LevelFormat format,
            Granularity granularity,
            CodebookSharing sharing,
            Importance importance) {
        LevelTensor.requireFit(format, granularity, sharing);
        GroupGeometry groups = GroupGeometry.of(shape, granularity);
        requireShape(values, groups, shape);
        RoundedWeight rounded =
                LevelRounding.toTables(
                        tables.tables(),
                        values,
                        groups,
                        TableGeometry.of(shape, sharing),
                        LevelTensor.hasScales(format, granularity)
                                ? LevelScaling.SIGNED
                                : LevelScaling.NONE,
                        importance,
                        TaskRunner.SEQUENTIAL);
        byte[] codes = rounded.codes();
        byte[] packed = new byte[(int) BitPacking.packedSize(codes.length, format.bits())];
        BitPacking.pack(codes, 0, codes.length, format.bits(), packed, 0);
        return new LevelTensor(
                format, granularity, sharing, shape, packed, tables.tables(), rounded.scales());
    }

    private static void requireShape(float[] values, GroupGeometry groups, long[] shape) {
        if (groups.elementCount() != values.length) {
            throw new IllegalArgumentException(
                    "the shape %s has %d elements, got %d values"
                            .formatted(
                                    Arrays.toString(shape), groups.elementCount(), values.length));
        }
    }
}
