package dev.fewbit.report.html;

import java.util.List;

/** Questions about quantization levels. */
final class Levels {

    /** Far more than float rounding moves a level at 8 bits, far less than an eye can see. */
    private static final double TOLERATED_PART_OF_STEP = 0.01;

    private Levels() {}

    /**
     * Whether three or more levels are an arithmetic sequence, as those of an affine format are.
     */
    static boolean evenlySpaced(List<Float> levels) {
        int size = levels.size();
        if (size < 3) {
            return false;
        }
        double first = levels.getFirst();
        double step = (levels.getLast() - first) / (size - 1);
        if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            // Written so that a level that is not a number counts as uneven.
            if (!(Math.abs(levels.get(i) - (first + i * step)) <= TOLERATED_PART_OF_STEP * step)) {
                return false;
            }
        }
        return true;
    }
}
