package dev.fewbit.core.quantize;

/**
 * Groups of a band of rows of adjacent elements, numbered row by row.
 *
 * @param from index of the first element of the band
 * @param length elements of a row
 * @param groupSize elements of a group; the last of a row may have fewer
 * @param perRow groups of a row
 */
record RowGroups(int from, int length, int groupSize, int perRow) {

    /** Index of the first element of a group. */
    int start(int group) {
        return from + group / perRow * length + group % perRow * groupSize;
    }

    /** Elements of a group. */
    int size(int group) {
        return Math.min(groupSize, length - group % perRow * groupSize);
    }
}
