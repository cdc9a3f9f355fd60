package dev.fewbit.onnx.shape;

/**
 * A size that is known, or a symbol for one that only the running model knows. Two equal symbols
 * stand for the same size. Plain numbers, because there is one for each axis of each value:
 *
 * <ul>
 *   <li>a known number is itself,
 *   <li>the size of an axis is a number below {@code Long.MIN_VALUE / 2},
 *   <li>any other unknown number (what arithmetic makes of sizes, possibly negative) is one between
 *       {@code Long.MIN_VALUE / 2} and {@code Long.MIN_VALUE / 4}.
 * </ul>
 */
public final class Extent {
    private static final long FIRST_SIZE = Long.MIN_VALUE;
    private static final long FIRST_NUMBER = Long.MIN_VALUE / 2;
    private static final long END = Long.MIN_VALUE / 4;

    private Extent() {}

    /** True for a number, false for a symbol. */
    public static boolean isKnown(long extent) {
        return extent >= END;
    }

    /** True for a number that can be a size, and for the symbol of one. */
    public static boolean isSize(long extent) {
        return extent >= 0 || extent < FIRST_NUMBER;
    }

    static boolean areKnown(long[] extents) {
        for (long extent : extents) {
            if (!isKnown(extent)) {
                return false;
            }
        }
        return true;
    }

    /** Makes symbols. */
    static final class Symbols {
        private long next;

        long size() {
            return FIRST_SIZE + next++;
        }

        long number() {
            return FIRST_NUMBER + next++;
        }

        long[] sizes(int rank) {
            long[] sizes = new long[rank];
            for (int axis = 0; axis < rank; axis++) {
                sizes[axis] = size();
            }
            return sizes;
        }
    }
}
