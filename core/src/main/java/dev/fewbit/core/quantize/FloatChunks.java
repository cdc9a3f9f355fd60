package dev.fewbit.core.quantize;

/**
 * A long row of floats that is read in chunks, several times.
 *
 * <p>Every reading gives the same floats. All chunks but the last have a multiple of {@link
 * #MULTIPLE} floats, so that sums do not depend on how the row is cut.
 */
@FunctionalInterface
public interface FloatChunks {

    /** All chunks but the last have a multiple of this many floats. */
    int MULTIPLE = 4096;

    /** Hands over all chunks, first to last, one after another. */
    void forEach(Visitor visitor);

    /** A row that is in memory as a whole. */
    static FloatChunks of(float[] values, int from, int count) {
        return visitor -> visitor.visit(values, from, count);
    }

    /** Receives chunks. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Looks at a chunk; the array may be reused afterwards.
         *
         * @param values the floats
         * @param from index of the first of the chunk
         * @param count how many belong to it
         */
        void visit(float[] values, int from, int count);
    }
}
