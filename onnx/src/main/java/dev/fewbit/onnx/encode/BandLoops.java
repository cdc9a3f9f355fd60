package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.BandQuantizer;
import dev.fewbit.core.quantize.FloatChunks;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.QuantizedBand;
import dev.fewbit.core.quantize.RangeSearch;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Cuts a weight into bands of whole groups and quantizes them in parallel. A band is about a
 * megabyte of floats. Groups that run down whole columns leave no band of adjacent codes, so their
 * codes (one byte a weight) are collected first; one group for the whole tensor is read once more
 * to find its range.
 */
final class BandLoops {
    /** Floats in a band, unless a single group or row has more. */
    private static final int BAND = 1 << 18;

    /** Columns in a band of columns, at least: reading fewer at a time costs more than it saves. */
    private static final int COLUMNS_AT_A_TIME = 1024;

    private final Tensor tensor;
    private final WeightPlan plan;
    private final GroupGeometry geometry;
    private final Measuring measuring;
    private final CodeSink sink;
    private final FillContext context;
    private final ScratchPool scratches;
    private final WeightSource source;
    private final BandQuantizer quantizer;
    private final float @Nullable [] smallestScales;
    private final @Nullable GroupParameters known;
    private @Nullable MeasurementCollector collector;

    /**
     * @param smallestScales what the scale of each group must not fall below; null for no bound
     * @param known parameters of all blocks; null to find them
     */
    BandLoops(
            WeightSite site,
            WeightPlan plan,
            Measuring measuring,
            CodeSink sink,
            FillContext context,
            ScratchPool scratches,
            float @Nullable [] smallestScales,
            @Nullable GroupParameters known) {
        this.tensor = site.tensor();
        this.plan = plan;
        this.geometry = site.geometry(plan.grouping());
        this.measuring = measuring;
        this.sink = sink;
        this.context = context;
        this.scratches = scratches;
        this.source = new WeightSource(site);
        this.smallestScales = smallestScales;
        this.known = known;
        BandQuantizer measured = new BandQuantizer(plan.affine(), plan.range());
        this.quantizer = measuring == Measuring.NOTHING ? measured.withoutErrors() : measured;
    }

    /** Quantizes everything; returns the parameters of all groups. */
    GroupParameters run() throws IOException {
        if (plan.grouping().kind() == Grouping.Kind.TENSOR) {
            return wholeTensor();
        }
        int blocks = Math.toIntExact(geometry.groupsPerRun());
        GroupParameters parameters = new GroupParameters(geometry.groupCount());
        if (geometry.inner() == 1) {
            rows(parameters, blocks);
        } else if (plan.grouping().kind() == Grouping.Kind.BLOCK) {
            blocksOfColumns(parameters, blocks);
        } else {
            columns(parameters);
        }
        return parameters;
    }

    /** What it cost. */
    MeasurementCollector measured() {
        MeasurementCollector collected = collector;
        if (collected == null) {
            throw new IllegalStateException("nothing has been quantized yet");
        }
        return collected;
    }

    /** {@code [outer, length]} with groups along the rows. */
    private void rows(GroupParameters parameters, int groupsPerRow) throws IOException {
        int length = Math.toIntExact(geometry.length());
        int groupSize = Math.toIntExact(geometry.groupSize());
        int rowsAtATime = (int) Math.min(geometry.outer(), Math.max(1, BAND / length));
        int bands = Math.toIntExact(Math.ceilDiv(geometry.outer(), rowsAtATime));
        MeasurementCollector measured = collect(bands);
        inParallel(
                bands,
                (band, scratch) -> {
                    long firstRow = (long) band * rowsAtATime;
                    int rows = (int) Math.min(rowsAtATime, geometry.outer() - firstRow);
                    long first = firstRow * length;
                    float[] values = source.read(first, Math.multiplyExact(rows, length), scratch);
                    QuantizedBand result = band(scratch, Math.toIntExact(firstRow * groupsPerRow));
                    source.locating(
                            first,
                            length,
                            length,
                            () ->
                                    quantizer.quantizeRows(
                                            values, 0, rows, length, groupSize, result));
                    parameters.set(
                            result, 0, result.groups(), Math.toIntExact(firstRow * groupsPerRow));
                    sink.accept(result.codes(), 0, result.values(), first);
                    measured.add(band, result, values);
                });
    }

    /**
     * {@code [outer, length, inner]} with groups of some rows down the columns: such rows are
     * adjacent.
     */
    private void blocksOfColumns(GroupParameters parameters, int blocks) throws IOException {
        int block = Math.toIntExact(geometry.groupSize());
        int columns = Math.toIntExact(geometry.inner());
        int length = Math.toIntExact(geometry.length());
        int blocksAtATime = Math.clamp(BAND / ((long) block * columns), 1, blocks);
        int bandsPerMatrix = Math.ceilDiv(blocks, blocksAtATime);
        int bands = Math.toIntExact(geometry.outer() * bandsPerMatrix);
        MeasurementCollector measured = collect(bands);
        inParallel(
                bands,
                (band, scratch) -> {
                    int matrix = band / bandsPerMatrix;
                    int firstBlock = band % bandsPerMatrix * blocksAtATime;
                    int firstRow = firstBlock * block;
                    int depth = Math.min(blocksAtATime * block, length - firstRow);
                    long first = ((long) matrix * length + firstRow) * columns;
                    float[] values =
                            source.read(first, Math.multiplyExact(depth, columns), scratch);
                    long firstGroup = ((long) matrix * blocks + firstBlock) * columns;
                    QuantizedBand result = band(scratch, Math.toIntExact(firstGroup));
                    source.locating(
                            first,
                            columns,
                            columns,
                            () ->
                                    quantizer.quantizeColumns(
                                            values, 0, depth, columns, columns, block, result));
                    parameters.set(result, 0, result.groups(), Math.toIntExact(firstGroup));
                    sink.accept(result.codes(), 0, result.values(), first);
                    measured.add(band, result, values);
                });
    }

    /** {@code [outer, length, inner]} with a group for every column. */
    private void columns(GroupParameters parameters) throws IOException {
        int depth = Math.toIntExact(geometry.length());
        int columns = Math.toIntExact(geometry.inner());
        int columnsAtATime =
                Math.clamp(BAND / depth, Math.min(COLUMNS_AT_A_TIME, columns), columns);
        int bandsPerMatrix = Math.ceilDiv(columns, columnsAtATime);
        MeasurementCollector measured = collect(Math.toIntExact(geometry.outer() * bandsPerMatrix));
        byte[] codes = new byte[Math.multiplyExact(depth, columns)];
        for (int matrix = 0; matrix < geometry.outer(); matrix++) {
            int firstBand = matrix * bandsPerMatrix;
            int firstGroup = matrix * columns;
            long firstElement = (long) matrix * depth * columns;
            inParallel(
                    bandsPerMatrix,
                    (band, scratch) -> {
                        int firstColumn = band * columnsAtATime;
                        int count = Math.min(columnsAtATime, columns - firstColumn);
                        long first = firstElement + firstColumn;
                        float[] values = source.readColumns(first, depth, count, columns, scratch);
                        QuantizedBand result = band(scratch, firstGroup + firstColumn);
                        source.locating(
                                first,
                                count,
                                columns,
                                () ->
                                        quantizer.quantizeColumns(
                                                values, 0, depth, count, count, depth, result));
                        parameters.set(result, 0, count, firstGroup + firstColumn);
                        for (int row = 0; row < depth; row++) {
                            System.arraycopy(
                                    result.codes(),
                                    row * count,
                                    codes,
                                    row * columns + firstColumn,
                                    count);
                        }
                        measured.add(firstBand + band, result, values);
                    });
            sink.accept(codes, 0, codes.length, firstElement);
        }
    }

    private GroupParameters wholeTensor() throws IOException {
        long width = tensor.dimension(tensor.rank() - 1);
        // Whole rows, and a multiple of what FloatChunks asks for.
        long unit = Math.multiplyExact(width, (long) FloatChunks.MULTIPLE);
        int chunk = Math.toIntExact(unit >= BAND ? unit : BAND / unit * unit);
        long elements = tensor.elementCount();
        int bands = Math.toIntExact(Math.ceilDiv(elements, chunk));
        AffineParameters found = range(elements, chunk);
        MeasurementCollector measured = collect(bands);
        GroupParameters parameters = new GroupParameters(1);
        inParallel(
                bands,
                (band, scratch) -> {
                    long first = (long) band * chunk;
                    int count = (int) Math.min(chunk, elements - first);
                    float[] values = source.read(first, count, scratch);
                    QuantizedBand result = band(scratch, 0);
                    quantizer.quantizeWith(found, values, 0, count, result);
                    if (band == 0) {
                        parameters.set(result, 0, 1, 0);
                    }
                    sink.accept(result.codes(), 0, count, first);
                    measured.add(band, result, values);
                });
        return parameters;
    }

    private AffineParameters range(long elements, int chunk) throws IOException {
        ScratchPool.Scratch scratch = scratches.take();
        FloatChunks chunks =
                visitor -> {
                    for (long first = 0; first < elements; first += chunk) {
                        int count = (int) Math.min(chunk, elements - first);
                        visitor.visit(source.readUnchecked(first, count, scratch), 0, count);
                    }
                };
        RangeSearch search = new RangeSearch(plan.affine(), plan.range());
        AffineParameters[] found = new AffineParameters[1];
        try {
            source.locating(0, 1, 1, () -> found[0] = search.search(chunks).parameters());
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        } finally {
            scratches.giveBack(scratch);
        }
        return raised(found[0]);
    }

    /** The parameters of the whole tensor; symmetric ones if there is a bound. */
    private AffineParameters raised(AffineParameters found) {
        return smallestScales == null
                ? found
                : new AffineParameters(
                        Math.max(found.scale(), smallestScales[0]), found.zeroPoint());
    }

    private QuantizedBand band(ScratchPool.Scratch scratch, int firstGroup) {
        QuantizedBand band = scratch.band(plan.affine());
        band.setSmallestScales(smallestScales, firstGroup);
        if (known == null) {
            band.setKnownParameters(null, null, 0);
        } else {
            known.prescribe(band, firstGroup);
        }
        return band;
    }

    private MeasurementCollector collect(int bands) {
        MeasurementCollector measured = new MeasurementCollector(bands, measuring);
        collector = measured;
        return measured;
    }

    private void inParallel(int bands, BandTask task) throws IOException {
        context.parallel(
                bands,
                band -> {
                    ScratchPool.Scratch scratch = scratches.take();
                    try {
                        task.run(band, scratch);
                    } finally {
                        scratches.giveBack(scratch);
                    }
                });
    }

    @FunctionalInterface
    private interface BandTask {
        void run(int band, ScratchPool.Scratch scratch) throws IOException;
    }
}
