package dev.fewbit.runtime.compare;

import dev.fewbit.runtime.data.NumberArray;

/**
 * Share of rows along the last axis whose largest element is at the same place in both models; the
 * first one counts among equals, and any of the float model's equals will do. For arrays that are
 * not floating point (class numbers, decoded ids) it is the share of equal elements instead.
 */
final class TopOne {

    private long agreeing;
    private long rows;

    /**
     * Adds two arrays of the same type class and size.
     *
     * @param original values of the float model
     * @param quantized values of the quantized model
     */
    void add(NumberArray original, NumberArray quantized) {
        if (!original.type().isFloat()) {
            for (int i = 0; i < original.size(); i++) {
                rows++;
                agreeing += original.doubleAt(i) == quantized.doubleAt(i) ? 1 : 0;
            }
            return;
        }
        long[] shape = original.shape();
        int length = shape.length == 0 ? 1 : (int) shape[shape.length - 1];
        for (int from = 0; length > 0 && from < original.size(); from += length) {
            int best = largest(original, from, length);
            int found = largest(quantized, from, length);
            rows++;
            if (best == found
                    || (found >= 0
                            && best >= 0
                            && original.doubleAt(found) == original.doubleAt(best))) {
                agreeing++;
            }
        }
    }

    /** Share of rows, 0 to 1; 1 when there were none. */
    double agreement() {
        return rows == 0 ? 1 : (double) agreeing / rows;
    }

    /** Index of the first largest element, or -1 when one is NaN. */
    private static int largest(NumberArray values, int from, int length) {
        int best = from;
        for (int i = from; i < from + length; i++) {
            double value = values.doubleAt(i);
            if (Double.isNaN(value)) {
                return -1;
            }
            if (value > values.doubleAt(best)) {
                best = i;
            }
        }
        return best;
    }
}
