package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.affine.RangeMethod.Clipped;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

/**
 * Quantizes a band: a piece of a tensor, in memory, that holds whole groups.
 *
 * <p>A group's codes and parameters depend on its values alone, not on the band that it came in, so
 * that a tensor may be cut into bands in any way. Immutable, shared by threads; the {@link
 * QuantizedBand} that is written into is not. {@link MinMax} costs three passes over the band
 * (range, codes, error), which the processor's caches hold if it is not larger than a few hundred
 * kilobytes; {@link LeastSquares} about twenty more.
 */
public final class BandQuantizer {

    private final Affine format;
    private final RangeMethod method;
    private final AffineKernels kernels;
    private final boolean measuring;

    /** Quantizes with the fastest kernels there are. */
    public BandQuantizer(Affine format, RangeMethod method) {
        this(format, method, AffineKernels.best());
    }

    /** Quantizes with these kernels; the result is the same with any. */
    public BandQuantizer(Affine format, RangeMethod method, AffineKernels kernels) {
        this(format, method, kernels, true);
    }

    private BandQuantizer(
            Affine format, RangeMethod method, AffineKernels kernels, boolean measuring) {
        this.format = format;
        this.method = method;
        this.kernels = kernels;
        this.measuring = measuring;
    }

    /**
     * The same without the pass that measures what it cost: codes and parameters are the same, but
     * {@link QuantizedBand#error} is that of no elements.
     */
    public BandQuantizer withoutErrors() {
        return new BandQuantizer(format, method, kernels, false);
    }

    /** The codes' format. */
    public Affine format() {
        return format;
    }

    /** How ranges are chosen. */
    public RangeMethod method() {
        return method;
    }

    /**
     * Quantizes rows of adjacent elements, each cut into groups: a geometry with {@code inner ==
     * 1}, where a row is a run.
     *
     * @param values the band
     * @param from index of its first element
     * @param rows number of rows
     * @param length elements of a row
     * @param groupSize elements of a group; the last of a row may have fewer
     * @param into receives codes in the order of the elements, and parameters of {@code rows *
     *     ceil(length / groupSize)} groups in order
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from {@code
     *     from}
     */
    public void quantizeRows(
            float[] values, int from, int rows, int length, int groupSize, QuantizedBand into) {
        requireFormat(into);
        RowGroups groups = new RowGroups(from, rows, length, groupSize);
        into.resize(Math.multiplyExact(rows, length), Math.multiplyExact(rows, groups.perRow()));
        groups.forEach((g, start, size) -> rangeGroup(values, start, size, into, start - from, g));
        if (!into.takeKnownParameters()) {
            spanRanges(into);
            switch (method) {
                case MinMax(), Clipped(double _) -> {}
                case LeastSquares effort -> search(effort, into).searchRows(values, groups, into);
            }
            into.raiseScales(0, into.groups());
        }
        groups.forEach(
                (g, start, size) -> quantizeGroup(values, start, size, into, start - from, g));
    }

    /**
     * Quantizes columns, each cut into groups from top to bottom: a geometry with {@code inner >
     * 1}, or some of its columns.
     *
     * @param values the band
     * @param from index of its first element
     * @param depth elements of a column
     * @param columns number of columns
     * @param stride floats from one row to the next, at least {@code columns}
     * @param groupSize elements of a group; the last of a column may have fewer
     * @param into receives codes as {@code [depth][columns]} and parameters as {@code [ceil(depth /
     *     groupSize)][columns]}, both without gaps
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from {@code
     *     from} and includes the stride
     */
    public void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            int groupSize,
            QuantizedBand into) {
        requireFormat(into);
        int perColumn = Math.ceilDiv(depth, groupSize);
        into.resize(Math.multiplyExact(depth, columns), Math.multiplyExact(perColumn, columns));
        for (int g = 0; g < perColumn; g++) {
            int start = from + g * groupSize * stride;
            int size = Math.min(groupSize, depth - g * groupSize);
            int p = g * columns;
            kernels.rangeColumns(
                    values, start, size, columns, stride, into.minima(), into.maxima(), p);
            for (int c = 0; c < columns; c++) {
                if (Float.isNaN(into.minima()[p + c])) {
                    throw nonFinite(values, start + c, size, stride, start + c - from);
                }
            }
        }
        boolean known = into.takeKnownParameters();
        if (!known) {
            spanRanges(into);
        }
        for (int g = 0; g < perColumn; g++) {
            int start = from + g * groupSize * stride;
            int size = Math.min(groupSize, depth - g * groupSize);
            int p = g * columns;
            if (!known) {
                switch (method) {
                    case MinMax(), Clipped(double _) -> {}
                    case LeastSquares effort ->
                            search(effort, into)
                                    .searchColumns(values, start, size, columns, stride, p, into);
                }
                into.raiseScales(p, columns);
            }
            int at = g * groupSize * columns;
            quantizeColumnGroups(values, start, size, columns, stride, into, at, p);
        }
    }

    /**
     * Quantizes adjacent elements with parameters that are already known, for groups that are
     * larger than a band.
     *
     * @param parameters for example from {@link RangeSearch}
     * @param into receives the codes, and the parameters as those of one group
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from {@code
     *     from}
     */
    public void quantizeWith(
            AffineParameters parameters, float[] values, int from, int count, QuantizedBand into) {
        requireFormat(into);
        AffineMapping mapping = new AffineMapping(format, parameters);
        into.resize(count, count == 0 ? 0 : 1);
        if (count == 0) {
            return;
        }
        rangeGroup(values, from, count, into, 0, 0);
        into.setParameters(0, mapping.parameters());
        quantizeGroup(values, from, count, into, 0, 0);
    }

    private void spanRanges(QuantizedBand into) {
        for (int g = 0; g < into.groups(); g++) {
            into.setParameters(
                    g, RangeSearch.spanning(into.minima()[g], into.maxima()[g], format, method));
        }
    }

    private BandSearch search(LeastSquares effort, QuantizedBand into) {
        BandSearch search = into.search();
        if (search == null || !search.serves(kernels, effort)) {
            search = new BandSearch(kernels, format, effort);
            into.setSearch(search);
        }
        return search;
    }

    private void rangeGroup(
            float[] values, int from, int count, QuantizedBand into, int before, int group) {
        kernels.rangeRow(values, from, count, into.minima(), into.maxima(), group);
        if (Float.isNaN(into.minima()[group])) {
            throw nonFinite(values, from, count, 1, before);
        }
    }

    private void quantizeGroup(
            float[] values, int from, int count, QuantizedBand into, int at, int group) {
        float scale = into.scales()[group];
        int zeroPoint = into.zeroPoints()[group];
        if (into.wide()) {
            kernels.quantizeRow(
                    values, from, count, scale, zeroPoint, format, into.wideCodes(), at);
        } else {
            kernels.quantizeRow(values, from, count, scale, zeroPoint, format, into.codes(), at);
        }
        if (measuring) {
            kernels.measureRow(values, from, count, scale, zeroPoint, format, into.sums());
        }
    }

    private void quantizeColumnGroups(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            QuantizedBand into,
            int at,
            int group) {
        float[] scales = into.scales();
        int[] zeroPoints = into.zeroPoints();
        if (into.wide()) {
            kernels.quantizeColumns(
                    values,
                    from,
                    depth,
                    columns,
                    stride,
                    scales,
                    zeroPoints,
                    group,
                    format,
                    into.wideCodes(),
                    at);
        } else {
            kernels.quantizeColumns(
                    values,
                    from,
                    depth,
                    columns,
                    stride,
                    scales,
                    zeroPoints,
                    group,
                    format,
                    into.codes(),
                    at);
        }
        if (measuring) {
            kernels.measureColumns(
                    values,
                    from,
                    depth,
                    columns,
                    stride,
                    scales,
                    zeroPoints,
                    group,
                    format,
                    into.sums());
        }
    }

    private void requireFormat(QuantizedBand into) {
        if (!into.format().equals(format)) {
            throw new IllegalArgumentException(
                    "the band takes codes of %s, the quantizer makes codes of %s"
                            .formatted(into.format(), format));
        }
    }

    /** The error for a run of values that holds one that is not finite. */
    private static NonFiniteValueException nonFinite(
            float[] values, int from, int count, int stride, int before) {
        int i = 0;
        while (i < count - 1 && Float.isFinite(values[from + i * stride])) {
            i++;
        }
        return new NonFiniteValueException(before + (long) i * stride, values[from + i * stride]);
    }
}
