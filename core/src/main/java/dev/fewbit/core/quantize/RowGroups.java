package dev.fewbit.core.quantize;

/**
 * Groups of a band of rows of adjacent elements, numbered row by row.
 *
 * @param from index of the first element of the band
 * @param rows number of rows
 * @param length elements of a row
 * @param groupSize elements of a group; the last of a row may have fewer
 */
record RowGroups(int from, int rows, int length, int groupSize) {

    /** Groups of a row. */
    int perRow() {
        return Math.ceilDiv(length, groupSize);
    }

    /** Visits all groups in order. */
    void forEach(Visitor visitor) {
        // Counted, not computed from its number: divisions would take longer than some groups.
        int group = 0;
        int start = from;
        for (int row = 0; row < rows; row++) {
            for (int left = length; left > 0; left -= groupSize) {
                int size = Math.min(groupSize, left);
                visitor.visit(group, start, size);
                start += size;
                group++;
            }
        }
    }

    /** Looks at a group. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Called for each group.
         *
         * @param group its number
         * @param start index of its first element
         * @param size its elements
         */
        void visit(int group, int start, int size);
    }
}
