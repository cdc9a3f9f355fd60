package dev.fewbit.core.format;

/**
 * Which elements of a tensor share one scale and zero point.
 *
 * <p>For a weight of shape {@code [768, 3072]}: {@link PerTensor} has 1 scale; {@code
 * PerChannel(1)} has 3072, one a column; {@code PerBlock(0, 32)} has 24 x 3072, one for every 32
 * consecutive elements of a column.
 */
public sealed interface Granularity {

    /** For people, for example {@code block 0 x 32}. */
    String label();

    /** The whole tensor is one group. */
    record PerTensor() implements Granularity {
        @Override
        public String label() {
            return "tensor";
        }
    }

    /**
     * All elements with the same index on one axis are a group.
     *
     * @param axis that axis, counted from 0
     */
    record PerChannel(int axis) implements Granularity {
        /** Checks the axis. */
        public PerChannel {
            requireAxis(axis);
        }

        @Override
        public String label() {
            return "channel " + axis;
        }
    }

    /**
     * Runs of consecutive elements along one axis are groups; the last run may be shorter.
     *
     * @param axis that axis, counted from 0
     * @param size elements of one run, at least 1
     */
    record PerBlock(int axis, int size) implements Granularity {
        /** Checks axis and size. */
        public PerBlock {
            requireAxis(axis);
            if (size < 1) {
                throw new IllegalArgumentException("a block has at least 1 element, got " + size);
            }
        }

        @Override
        public String label() {
            return "block " + axis + " x " + size;
        }
    }

    private static void requireAxis(int axis) {
        if (axis < 0) {
            throw new IllegalArgumentException(
                    "an axis is counted from 0, got %d; add the rank to a negative axis"
                            .formatted(axis));
        }
    }
}
