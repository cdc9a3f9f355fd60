package dev.fewbit.core.rounding;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.quantize.AffineQuantizer;
import dev.fewbit.core.quantize.AffineTensor;

import java.util.Arrays;

/** Evenly spaced values: {@code (code - zeroPoint) * scale}, as {@link AffineMapping} has it. */
public final class AffineGrid implements RoundingGrid {

    private final GridShape shape;
    private final Affine format;
    private final float[] scales;
    private final int[] zeroPoints;
    private final int lowest;
    private final int highest;
    private final int mask;

    /**
     * From its parameters, which are copied.
     *
     * @param format codes of at most 8 bits
     * @param scales of all groups, those of a row together; normal positive numbers
     * @param zeroPoints likewise; each is a code
     */
    public AffineGrid(
            int rows, int columns, int groupSize, Affine format, float[] scales, int[] zeroPoints) {
        this.shape = new GridShape(rows, columns, groupSize);
        if (format.bits() > Byte.SIZE) {
            throw new IllegalArgumentException(
                    "codes have at most 8 bits, got %s; nearest rounding serves for more"
                            .formatted(format.label()));
        }
        this.format = format;
        this.scales = shape.checkedScales(scales);
        if (zeroPoints.length != scales.length) {
            throw new IllegalArgumentException(
                    "%d scales need as many zero points, got %d"
                            .formatted(scales.length, zeroPoints.length));
        }
        for (int zeroPoint : zeroPoints) {
            if (zeroPoint < format.qmin() || zeroPoint > format.qmax()) {
                throw new IllegalArgumentException(
                        "the zero point of %s is one of its codes, got %d"
                                .formatted(format.label(), zeroPoint));
            }
        }
        this.zeroPoints = zeroPoints.clone();
        this.lowest = format.qmin();
        this.highest = format.qmax();
        this.mask = format.signed() ? -1 : 0xFF;
    }

    /**
     * The grid that fits weights, found for each group by itself.
     *
     * @param format codes of at most 8 bits
     * @param groupSize columns of a group; as many as there are, or more, for one group a row
     */
    public static AffineGrid fit(
            WeightMatrix weights, Affine format, int groupSize, RangeMethod method) {
        AffineTensor tensor =
                AffineQuantizer.quantize(
                        weights.toArray(),
                        new long[] {weights.rows(), weights.columns()},
                        format,
                        new PerBlock(1, groupSize),
                        method);
        return new AffineGrid(
                weights.rows(),
                weights.columns(),
                groupSize,
                format,
                tensor.scales(),
                tensor.zeroPoints());
    }

    /** Kind of the codes. */
    public Affine format() {
        return format;
    }

    /** Zero points of all groups, those of a row together; a copy. */
    public int[] zeroPoints() {
        return zeroPoints.clone();
    }

    @Override
    public int rows() {
        return shape.rows();
    }

    @Override
    public int columns() {
        return shape.columns();
    }

    @Override
    public int groupSize() {
        return shape.groupSize();
    }

    @Override
    public float[] scales() {
        return scales.clone();
    }

    @Override
    public float scale(int row, int group) {
        return scales[row * shape.groups() + group];
    }

    /** Zero point of a group. */
    public int zeroPoint(int row, int group) {
        return zeroPoints[row * shape.groups() + group];
    }

    @Override
    public byte nearest(int row, int column, double value) {
        int group = shape.groupOf(row, column);
        return code(Math.rint(value / scales[group]), group);
    }

    @Override
    public byte below(int row, int column, double value) {
        int group = shape.groupOf(row, column);
        return code(Math.floor(value / scales[group]), group);
    }

    private byte code(double steps, int group) {
        int zeroPoint = zeroPoints[group];
        return (byte)
                ((int) Math.clamp(steps, lowest - zeroPoint, highest - zeroPoint) + zeroPoint);
    }

    @Override
    public byte above(int row, int column, byte code) {
        return (byte) Math.min(highest, (code & mask) + 1);
    }

    @Override
    public float value(int row, int column, byte code) {
        int group = shape.groupOf(row, column);
        return AffineMapping.dequantize(code & mask, scales[group], zeroPoints[group]);
    }

    @Override
    public double level(int row, int column, byte code) {
        return (code & mask) - zeroPoints[shape.groupOf(row, column)];
    }

    @Override
    public AffineGrid withScales(float[] newScales) {
        return new AffineGrid(rows(), columns(), groupSize(), format, newScales, zeroPoints);
    }

    @Override
    public AffineGrid part(int firstRow, int endRow) {
        shape.requireRows(firstRow, endRow);
        int groups = shape.groups();
        return new AffineGrid(
                endRow - firstRow,
                columns(),
                groupSize(),
                format,
                shape.partOf(scales, firstRow, endRow),
                Arrays.copyOfRange(zeroPoints, firstRow * groups, endRow * groups));
    }
}
