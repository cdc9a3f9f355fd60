package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.FillContext;

import java.io.IOException;

/**
 * Collects the codes of a {@code [rows, columns]} matrix, one byte each, and hands them on as
 * {@code [columns, rows]}. Pieces may begin and end anywhere.
 */
final class TransposingSink implements CodeSink {
    /** Codes turned over at a time; a few hundred kilobytes stay in the processor's caches. */
    private static final int CODES_AT_A_TIME = 1 << 18;

    /** Columns turned over together, so that every cache line that is read is used whole. */
    private static final int COLUMNS_TOGETHER = 64;

    private final CodeSink next;
    private final int rows;
    private final int columns;
    private final byte[] all;

    TransposingSink(CodeSink next, long rows, long columns) {
        this.next = next;
        this.rows = Math.toIntExact(rows);
        this.columns = Math.toIntExact(columns);
        this.all = new byte[Math.toIntExact(rows * columns)];
    }

    @Override
    public void accept(byte[] codes, int from, int count, long firstElement) {
        System.arraycopy(codes, from, all, Math.toIntExact(firstElement), count);
    }

    @Override
    public void finish(FillContext context) throws IOException {
        // A multiple of 8 columns begins at a whole byte whatever the width of the codes.
        int step = Math.max(8, Math.min(COLUMNS_TOGETHER, CODES_AT_A_TIME / rows / 8 * 8));
        context.parallel(
                Math.ceilDiv(columns, step),
                task -> {
                    int first = task * step;
                    int count = Math.min(step, columns - first);
                    byte[] turned = new byte[count * rows];
                    for (int row = 0; row < rows; row++) {
                        int source = row * columns + first;
                        for (int column = 0; column < count; column++) {
                            turned[column * rows + row] = all[source + column];
                        }
                    }
                    next.accept(turned, 0, turned.length, (long) first * rows);
                });
        next.finish(context);
    }
}
