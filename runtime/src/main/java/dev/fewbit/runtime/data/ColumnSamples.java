package dev.fewbit.runtime.data;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Samples stored as one array per input, first axis = samples.
 *
 * <p>When the model's own first axis is fixed at B > 1, B rows make one sample.
 */
final class ColumnSamples implements Samples {

    private static final String ADVICE =
            "Give every array one row per sample along its first axis, at least one";

    private final String file;
    private final Map<String, NpyArray> columns;
    private final @Nullable NpyArray labels;
    private final InputFitter fitter;
    private final Closeable resource;
    private final int rowsPerSample;
    private final long count;

    /**
     * Checks that the arrays belong together.
     *
     * @param file file name, for messages
     * @param inputs what the model takes
     * @param columns arrays by input name
     * @param labels labels, one row per sample, if the data has them
     * @param resource closed with the samples
     */
    ColumnSamples(
            String file,
            ModelInputs inputs,
            Map<String, NpyArray> columns,
            @Nullable NpyArray labels,
            Closeable resource)
            throws SampleDataException {
        this.file = file;
        this.columns = columns;
        this.fitter = new InputFitter(inputs);
        this.resource = resource;
        this.rowsPerSample = rowsPerSample(file, inputs, columns);
        long rows = commonRows(file, columns);
        this.count = rows / rowsPerSample;
        if (count == 0) {
            throw new SampleDataException(
                    file,
                    rows == 0
                            ? "the arrays have no rows, so there is no sample"
                            : "the model takes batches of "
                                    + rowsPerSample
                                    + ", the arrays have only "
                                    + rows
                                    + " rows",
                    ADVICE);
        }
        if (rows % rowsPerSample != 0) {
            fitter.warn(
                    "the last "
                            + rows % rowsPerSample
                            + " rows of "
                            + file
                            + " do not fill a batch of "
                            + rowsPerSample
                            + " and were left out");
        }
        this.labels = checkedLabels(labels, rows);
    }

    @Override
    public String description() {
        return file;
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(count);
    }

    @Override
    public List<String> warnings() {
        return fitter.warnings();
    }

    @Override
    public void close() throws IOException {
        resource.close();
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        Deque<Closeable> open = new ArrayDeque<>();
        try {
            Map<String, NpyArray.Rows> rows = new LinkedHashMap<>();
            for (Map.Entry<String, NpyArray> column : columns.entrySet()) {
                NpyArray.Rows cursor = column.getValue().open();
                open.push(cursor);
                rows.put(column.getKey(), cursor);
            }
            NpyArray.Rows labelRows = null;
            if (labels != null) {
                labelRows = labels.open();
                open.push(labelRows);
            }
            for (long index = 0; index < count; index++) {
                if (!visitor.visit(read(index, rows, labelRows))) {
                    return;
                }
            }
        } finally {
            while (!open.isEmpty()) {
                open.pop().close();
            }
        }
    }

    private Sample read(
            long index, Map<String, NpyArray.Rows> rows, NpyArray.@Nullable Rows labelRows)
            throws IOException {
        Map<String, NumberArray> found = new LinkedHashMap<>();
        for (Map.Entry<String, NpyArray.Rows> entry : rows.entrySet()) {
            found.put(entry.getKey(), one(entry.getValue()));
        }
        Optional<Label> label =
                labelRows == null
                        ? Optional.empty()
                        : Optional.of(Label.of(one(labelRows), rowsPerSample));
        return new Sample(index, fitter.fit(file + " sample " + index, found), label);
    }

    /** One sample: a row without its axis, or a whole batch of rows. */
    private NumberArray one(NpyArray.Rows rows) throws IOException {
        NumberArray array = rows.next(rowsPerSample);
        if (rowsPerSample > 1) {
            return array;
        }
        long[] shape = array.shape();
        long[] rest = new long[shape.length - 1];
        System.arraycopy(shape, 1, rest, 0, rest.length);
        return array.reshape(rest);
    }

    private static long commonRows(String file, Map<String, NpyArray> columns)
            throws SampleDataException {
        long rows = -1;
        for (Map.Entry<String, NpyArray> column : columns.entrySet()) {
            NpyHeader header = column.getValue().header();
            if (header.shape().length == 0) {
                throw new SampleDataException(
                        file, "array '" + column.getKey() + "' is a scalar", ADVICE);
            }
            if (header.rowElements() * header.type().byteSize() > Integer.MAX_VALUE / 2) {
                throw new SampleDataException(
                        file,
                        "one row of array '" + column.getKey() + "' is larger than 1 GiB",
                        ADVICE);
            }
            if (rows >= 0 && rows != header.rows()) {
                throw new SampleDataException(
                        file,
                        "array '"
                                + column.getKey()
                                + "' has "
                                + header.rows()
                                + " rows, the arrays before it have "
                                + rows,
                        ADVICE);
            }
            rows = header.rows();
        }
        return rows;
    }

    private static int rowsPerSample(String file, ModelInputs inputs, Map<String, NpyArray> columns)
            throws SampleDataException {
        int batch = 1;
        for (InputSpecification input : inputs.inputs()) {
            NpyArray column = columns.get(input.name());
            if (column == null
                    || input.rank() == 0
                    || column.header().shape().length != input.rank()) {
                continue;
            }
            long size = input.dimensions().getFirst().size();
            if (size > 1 && batch > 1 && size != batch) {
                throw new SampleDataException(
                        file,
                        "the model's inputs have first axes of " + batch + " and " + size,
                        "Give every array a leading axis of samples before the model's own axes");
            }
            if (size > 1) {
                batch = Math.toIntExact(size);
            }
        }
        return batch;
    }

    private @Nullable NpyArray checkedLabels(@Nullable NpyArray array, long rows) {
        if (array == null) {
            return null;
        }
        if (array.header().shape().length == 0 || array.header().rows() != rows) {
            fitter.warn(
                    "the labels in "
                            + file
                            + " do not have one row for each of the "
                            + rows
                            + " samples and were left out");
            return null;
        }
        return array;
    }
}
