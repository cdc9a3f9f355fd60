package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.BandQuantizer;
import dev.fewbit.core.quantize.FloatChunks;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.NonFiniteValueException;
import dev.fewbit.core.quantize.QuantizedBand;
import dev.fewbit.core.quantize.RangeSearch;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorReader;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

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

    private final WeightSite site;
    private final Tensor tensor;
    private final WeightPlan plan;
    private final GroupGeometry geometry;
    private final boolean histogram;
    private final CodeSink sink;
    private final FillContext context;
    private final BandQuantizer quantizer;
    private @Nullable MeasurementCollector collector;

    BandLoops(
            WeightSite site,
            WeightPlan plan,
            GroupGeometry geometry,
            boolean histogram,
            CodeSink sink,
            FillContext context) {
        this.site = site;
        this.tensor = site.tensor();
        this.plan = plan;
        this.geometry = geometry;
        this.histogram = histogram;
        this.sink = sink;
        this.context = context;
        this.quantizer = new BandQuantizer(plan.format(), plan.range());
    }

    /** Quantizes everything; returns the parameters of all groups. */
    GroupParameters run() throws IOException {
        if (plan.grouping().kind() == Grouping.Kind.TENSOR) {
            return wholeTensor();
        }
        long blocks = Math.ceilDiv(geometry.length(), geometry.groupSize());
        GroupParameters parameters =
                new GroupParameters(geometry.outer() * blocks * geometry.inner());
        if (geometry.inner() == 1) {
            rows(parameters, Math.toIntExact(blocks));
        } else if (plan.grouping().kind() == Grouping.Kind.BLOCK) {
            blocksOfColumns(parameters, Math.toIntExact(blocks));
        } else {
            columns(parameters);
        }
        return parameters;
    }

    WeightMeasurement measurement(GroupParameters parameters) {
        MeasurementCollector collected = collector;
        if (collected == null) {
            throw new IllegalStateException("nothing has been quantized yet");
        }
        return collected.result(parameters);
    }

    /** {@code [outer, length]} with groups along the rows. */
    private void rows(GroupParameters parameters, int groupsPerRow) throws IOException {
        int length = Math.toIntExact(geometry.length());
        int rowsAtATime = (int) Math.min(geometry.outer(), Math.max(1, BAND / length));
        int bands = Math.toIntExact(Math.ceilDiv(geometry.outer(), rowsAtATime));
        MeasurementCollector measured = collect(bands);
        context.parallel(
                bands,
                band -> {
                    long firstRow = (long) band * rowsAtATime;
                    int rows = (int) Math.min(rowsAtATime, geometry.outer() - firstRow);
                    long firstElement = firstRow * length;
                    float[] values = read(firstElement, Math.multiplyExact(rows, length));
                    QuantizedBand result = new QuantizedBand(plan.format());
                    located(
                            firstElement,
                            () ->
                                    quantizer.quantizeRows(
                                            values,
                                            0,
                                            rows,
                                            length,
                                            Math.toIntExact(geometry.groupSize()),
                                            result));
                    parameters.set(
                            result, 0, result.groups(), Math.toIntExact(firstRow * groupsPerRow));
                    sink.accept(result.codes(), 0, result.values(), firstElement);
                    measured.add(band, result, values, values.length);
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
        context.parallel(
                bands,
                band -> {
                    int matrix = band / bandsPerMatrix;
                    int firstBlock = band % bandsPerMatrix * blocksAtATime;
                    int firstRow = firstBlock * block;
                    int depth = Math.min(blocksAtATime * block, length - firstRow);
                    long firstElement = ((long) matrix * length + firstRow) * columns;
                    float[] values = read(firstElement, Math.multiplyExact(depth, columns));
                    QuantizedBand result = new QuantizedBand(plan.format());
                    located(
                            firstElement,
                            () ->
                                    quantizer.quantizeColumns(
                                            values, 0, depth, columns, columns, block, result));
                    parameters.set(
                            result,
                            0,
                            result.groups(),
                            Math.toIntExact(((long) matrix * blocks + firstBlock) * columns));
                    sink.accept(result.codes(), 0, result.values(), firstElement);
                    measured.add(band, result, values, values.length);
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
        for (int matrix = 0; matrix < geometry.outer(); matrix++) {
            int firstBand = matrix * bandsPerMatrix;
            int firstGroup = matrix * columns;
            long firstElement = (long) matrix * depth * columns;
            byte[] codes = new byte[Math.multiplyExact(depth, columns)];
            context.parallel(
                    bandsPerMatrix,
                    band -> {
                        int firstColumn = band * columnsAtATime;
                        int count = Math.min(columnsAtATime, columns - firstColumn);
                        float[] values =
                                readColumns(firstElement + firstColumn, depth, count, columns);
                        QuantizedBand result = new QuantizedBand(plan.format());
                        locatedInColumns(
                                firstElement + firstColumn,
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
                        measured.add(firstBand + band, result, values, values.length);
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
        AffineParameters found = range(elements, chunk);
        int bands = Math.toIntExact(Math.ceilDiv(elements, chunk));
        MeasurementCollector measured = collect(bands);
        GroupParameters parameters = new GroupParameters(1);
        context.parallel(
                bands,
                band -> {
                    long firstElement = (long) band * chunk;
                    float[] values =
                            read(firstElement, (int) Math.min(chunk, elements - firstElement));
                    QuantizedBand result = new QuantizedBand(plan.format());
                    quantizer.quantizeWith(found, values, 0, values.length, result);
                    if (band == 0) {
                        parameters.set(result, 0, 1, 0);
                    }
                    sink.accept(result.codes(), 0, result.values(), firstElement);
                    measured.add(band, result, values, values.length);
                });
        return parameters;
    }

    private AffineParameters range(long elements, int chunk) throws IOException {
        AffineParameters[] found = new AffineParameters[1];
        try {
            located(
                    0,
                    () ->
                            found[0] =
                                    new RangeSearch(plan.format(), plan.range())
                                            .search(
                                                    visitor -> {
                                                        for (long first = 0;
                                                                first < elements;
                                                                first += chunk) {
                                                            float[] values =
                                                                    readUnchecked(
                                                                            first,
                                                                            (int)
                                                                                    Math.min(
                                                                                            chunk,
                                                                                            elements
                                                                                                    - first));
                                                            visitor.visit(values, 0, values.length);
                                                        }
                                                    })
                                            .parameters());
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return found[0];
    }

    private MeasurementCollector collect(int bands) {
        MeasurementCollector measured = new MeasurementCollector(bands, histogram);
        collector = measured;
        return measured;
    }

    private float[] readUnchecked(long firstElement, int count) {
        try {
            return read(firstElement, count);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private float[] read(long firstElement, int count) throws IOException {
        float[] values = new float[count];
        try (TensorReader reader = tensor.reader()) {
            reader.readFloats(firstElement, values, 0, count);
        }
        return values;
    }

    private float[] readColumns(long firstElement, int depth, int count, int stride)
            throws IOException {
        if (count == stride) {
            return read(firstElement, Math.multiplyExact(depth, count));
        }
        float[] values = new float[Math.multiplyExact(depth, count)];
        try (TensorReader reader = tensor.reader()) {
            for (int row = 0; row < depth; row++) {
                reader.readFloats(firstElement + (long) row * stride, values, row * count, count);
            }
        }
        return values;
    }

    private void located(long firstElement, Runnable quantization) {
        try {
            quantization.run();
        } catch (NonFiniteValueException bad) {
            throw notFinite(firstElement + bad.index(), bad);
        }
    }

    private void locatedInColumns(long firstElement, int count, int stride, Runnable quantization) {
        try {
            quantization.run();
        } catch (NonFiniteValueException bad) {
            throw notFinite(firstElement + bad.index() / count * stride + bad.index() % count, bad);
        }
    }

    private EncodingException notFinite(long element, NonFiniteValueException bad) {
        long[] shape = tensor.shape();
        long[] index = new long[shape.length];
        long rest = element;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return new EncodingException(
                "tensor '"
                        + site.name()
                        + "' holds "
                        + bad.value()
                        + " at "
                        + Arrays.toString(index)
                        + "; only finite weights can be quantized: repair the model, or leave the"
                        + " tensor out with a plan");
    }
}
