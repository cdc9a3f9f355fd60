package dev.fewbit.core.quantize;

import org.jspecify.annotations.Nullable;

/**
 * Values that are read in chunks, several times, each with a weight that says how much its squared
 * error counts. Every reading gives the same numbers in the same order; how they are cut makes no
 * difference.
 */
@FunctionalInterface
public interface WeightedChunks {

    /** Hands over all chunks, first to last, one after another. */
    void forEach(Visitor visitor);

    /** Values in memory that all count as much. */
    static WeightedChunks of(float[] values, int from, int count) {
        return visitor -> visitor.visit(values, null, from, count);
    }

    /** Values that all count as much. */
    static WeightedChunks of(FloatChunks chunks) {
        return visitor ->
                chunks.forEach((values, from, count) -> visitor.visit(values, null, from, count));
    }

    /** Receives chunks. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Looks at a chunk; the arrays may be reused afterwards.
         *
         * @param values the values
         * @param importance a weight for each, with the same index; null for equal ones, which then
         *     is so for all chunks
         * @param from index of the first of the chunk
         * @param count how many belong to it
         */
        void visit(float[] values, float @Nullable [] importance, int from, int count);
    }
}
