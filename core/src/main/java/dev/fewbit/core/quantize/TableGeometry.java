package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.CodebookSharing.ChannelGroups;
import dev.fewbit.core.format.CodebookSharing.OneTable;

import java.util.Arrays;

/**
 * Which elements of a tensor share a table, with the tensor seen as row-major {@code [outer,
 * channels, inner]}.
 *
 * @param outer product of the dimensions before the channels
 * @param channels number of channels
 * @param inner product of the dimensions after them
 * @param together channels that share a table
 */
public record TableGeometry(long outer, long channels, long inner, long together) {

    /** One table for a whole tensor. */
    public static TableGeometry oneTable(long elements) {
        return new TableGeometry(1, 1, elements, 1);
    }

    /**
     * As many tables as the size of a tensor justifies ({@link CodebookSharing#bySize}).
     *
     * @param channels the tensor with a group for each output channel: rows, or columns
     */
    public static TableGeometry bySize(GroupGeometry channels, Codebook format) {
        long[] shape = {channels.outer(), channels.length(), channels.inner()};
        return of(shape, CodebookSharing.bySize(shape, channels.contiguous() ? 0 : 2, format));
    }

    static TableGeometry of(long[] shape, CodebookSharing sharing) {
        return switch (sharing) {
            case OneTable() -> {
                long elements = product(shape, 0, shape.length);
                yield new TableGeometry(1, 1, elements, 1);
            }
            case ChannelGroups(int axis, int together) -> {
                if (axis >= shape.length) {
                    throw new IllegalArgumentException(
                            "%s needs axis %d, but the shape %s has %d axes"
                                    .formatted(
                                            sharing.label(),
                                            axis,
                                            Arrays.toString(shape),
                                            shape.length));
                }
                yield new TableGeometry(
                        product(shape, 0, axis),
                        shape[axis],
                        product(shape, axis + 1, shape.length),
                        together);
            }
        };
    }

    private static long product(long[] shape, int from, int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product *= shape[i];
        }
        return product;
    }

    /** Number of tables, at least 1 even if there are no channels. */
    public int tables() {
        return (int) Math.max(1, Math.ceilDiv(channels, together));
    }

    /** Number of elements. */
    public long elementCount() {
        return outer * channels * inner;
    }

    /** The table of an element. */
    public int tableOf(long element) {
        return tables() == 1 ? 0 : (int) (element / inner % channels / together);
    }

    /** Visits the runs of adjacent elements that a table is for. */
    public void forEachRun(int table, RunVisitor visitor) {
        long first = table * together;
        long count = (Math.min(channels, first + together) - first) * inner;
        for (long o = 0; o < outer && count > 0; o++) {
            visitor.visit((int) ((o * channels + first) * inner), (int) count);
        }
    }

    /** Looks at a run. */
    @FunctionalInterface
    public interface RunVisitor {
        /**
         * Called for each run.
         *
         * @param from index of its first element
         * @param count its elements
         */
        void visit(int from, int count);
    }
}
