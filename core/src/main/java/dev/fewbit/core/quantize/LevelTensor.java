package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.CodebookSharing.ChannelGroups;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.format.Granularity.PerChannel;
import dev.fewbit.core.format.Granularity.PerTensor;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.pack.BitPacking;

import java.util.List;

/**
 * A tensor of codes that count the levels of tables: {@code value = scale[group] * table[code]}, or
 * {@code table[code]} without scales.
 *
 * <p>Codes are unsigned and packed as by {@link BitPacking}. Scales are in the order of {@link
 * GroupGeometry}, and may be negative; tables are in the order of the groups of channels that they
 * are for. Immutable.
 */
public final class LevelTensor implements QuantizedTensor {

    private final LevelFormat format;
    private final Granularity granularity;
    private final CodebookSharing sharing;
    private final long[] shape;
    private final GroupGeometry geometry;
    private final TableGeometry tableGeometry;
    private final byte[] packedCodes;
    private final LevelTables tables;
    private final float[] scales;

    /**
     * Puts a tensor together from its parts, which are copied.
     *
     * @param granularity which elements share a scale
     * @param sharing which share a table; one table for {@link PowersOfTwo}
     * @param packedCodes codes of all elements, row-major
     * @param tables the tables
     * @param scales scale of every group; none where {@link #hasScales} says so
     * @throws IllegalArgumentException when a part does not have the size that the shape asks for,
     *     or a group would have elements of two tables
     */
    public LevelTensor(
            LevelFormat format,
            Granularity granularity,
            CodebookSharing sharing,
            long[] shape,
            byte[] packedCodes,
            List<LevelTable> tables,
            float[] scales) {
        requireFit(format, granularity, sharing);
        this.format = format;
        this.granularity = granularity;
        this.sharing = sharing;
        this.shape = shape.clone();
        this.geometry = GroupGeometry.of(shape, granularity);
        this.tableGeometry = TableGeometry.of(shape, sharing);
        this.packedCodes = packedCodes.clone();
        this.scales = scales.clone();
        requireSize("tables", tableGeometry.tables(), tables.size());
        this.tables = LevelTables.of(tables, sharing);
        requireSize("levels in a table", format.levelCount(), this.tables.size());
        requireSize(
                "bytes of codes",
                BitPacking.packedSize(geometry.elementCount(), format.bits()),
                packedCodes.length);
        requireSize(
                "scales",
                hasScales(format, granularity) ? geometry.groupCount() : 0,
                scales.length);
    }

    private static void requireSize(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(
                    "the shape needs %d %s, got %d".formatted(expected, what, actual));
        }
    }

    /**
     * Whether values are multiplied by scales: always, but where the only scale can be taken into
     * float entries.
     */
    public static boolean hasScales(LevelFormat format, Granularity granularity) {
        return format.alwaysScaled() || !(granularity instanceof PerTensor);
    }

    /**
     * Checks that every group of a scale has one table.
     *
     * @throws IllegalArgumentException when one may have several
     */
    static void requireFit(LevelFormat format, Granularity granularity, CodebookSharing sharing) {
        boolean fits =
                switch (sharing) {
                    case OneTable() -> true;
                    case ChannelGroups(int axis, int channels) ->
                            switch (granularity) {
                                case PerTensor() -> !hasScales(format, granularity);
                                case PerChannel(int scaled) -> scaled == axis;
                                case PerBlock(int scaled, int size) -> scaled != axis;
                            };
                };
        if (!fits || (!(format instanceof Codebook) && !(sharing instanceof OneTable))) {
            throw new IllegalArgumentException(
                    ("%s with scales per %s cannot have tables per %s: levels that"
                                    + " are not learned are the same everywhere, and the elements"
                                    + " that share a scale must lie in one channel of the tables")
                            .formatted(format.label(), granularity.label(), sharing.label()));
        }
    }

    @Override
    public LevelFormat format() {
        return format;
    }

    /** Which elements share a scale. */
    public Granularity granularity() {
        return granularity;
    }

    /** Which elements share a table. */
    public CodebookSharing sharing() {
        return sharing;
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public long elementCount() {
        return geometry.elementCount();
    }

    /** Where the groups of the scales lie. */
    public GroupGeometry geometry() {
        return geometry;
    }

    /** Codes of all elements, row-major, packed; a copy. */
    public byte[] packedCodes() {
        return packedCodes.clone();
    }

    /** Codes of all elements, row-major, one a byte, those above 127 included. */
    public byte[] codes() {
        byte[] codes = new byte[(int) geometry.elementCount()];
        BitPacking.unpack(packedCodes, 0, codes.length, format.bits(), codes, 0);
        return codes;
    }

    /** The tables. */
    public LevelTables tables() {
        return tables;
    }

    /** Scale of every group, possibly none; a copy. */
    public float[] scales() {
        return scales.clone();
    }

    /**
     * Codes, scales of 32 bits each, and learned tables. The levels of {@link PowersOfTwo} belong
     * to the format, not to the tensor.
     */
    @Override
    public long sizeInBits() {
        long tableBits =
                switch (format) {
                    case PowersOfTwo powers -> 0;
                    case MidRise levels -> 0;
                    case Codebook codebook -> codebook.tableBits() * tables.tables().size();
                };
        return (long) Byte.SIZE * packedCodes.length
                + (long) Float.SIZE * scales.length
                + tableBits;
    }

    @Override
    public float[] dequantize() {
        byte[] codes = codes();
        float[] values = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            LevelTable table = tables.tables().get(tableGeometry.tableOf(i));
            float level = table.level(codes[i] & 0xFF);
            values[i] = scales.length == 0 ? level : scales[(int) geometry.groupOf(i)] * level;
        }
        return values;
    }
}
