package dev.fewbit.core.affine;

/** How scale and zero point of a group are chosen from its values. */
public sealed interface RangeMethod {

    /** The levels span the values: nothing is clipped. One pass. */
    record MinMax() implements RangeMethod {}

    /**
     * The levels span a share of the values' range, and what lies outside is clipped. One pass. For
     * groups with values that are known not to matter: a channel of a layer, say, whose results an
     * activation function cuts off.
     *
     * @param share above 0, at most 1; 1 is {@link MinMax}
     */
    record Clipped(double share) implements RangeMethod {

        /** Checks the share. */
        public Clipped {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "levels span a share above 0 and at most 1 of the range, got " + share);
            }
        }
    }

    /**
     * The parameters with the least squared error that a search finds, never more than {@link
     * MinMax} has.
     *
     * <p>The squared error as a function of the scale has many local minima, so the search is a
     * geometric grid of scales, from those that clip to those that span the range, then a bisection
     * around the best one, then alternation between two closed forms: given the parameters the best
     * codes are the rounded values, and given the codes the best parameters are a linear regression
     * of the values on the codes. Each step keeps the best parameters seen.
     *
     * @param gridDoublings the grid has {@code 2^gridDoublings + 1} scales; 0 to 8
     * @param bisections rounds of halving the distance to the neighbours on the grid; 0 to 16
     * @param refits rounds of the closed forms; 0 to 32
     * @param shifts rounds of moving the zero point of an asymmetric format, by a sixteenth of the
     *     levels at first and by one step at last, each followed by a bisection and a refit; 0 to
     *     8. With at least 1 the grid is tried from the middle zero point too
     */
    record LeastSquares(int gridDoublings, int bisections, int refits, int shifts)
            implements RangeMethod {

        /** Checks the effort. */
        public LeastSquares {
            if (gridDoublings < 0
                    || gridDoublings > 8
                    || bisections < 0
                    || bisections > 16
                    || refits < 0
                    || refits > 32
                    || shifts < 0
                    || shifts > 8) {
                throw new IllegalArgumentException(
                        ("least squares takes gridDoublings 0 to 8, bisections 0 to 16, refits 0 to"
                                        + " 32 and shifts 0 to 8, got %d, %d, %d and %d")
                                .formatted(gridDoublings, bisections, refits, shifts));
            }
        }

        /** Without shifts: the zero point is that of the range, or what the refits make of it. */
        public LeastSquares(int gridDoublings, int bisections, int refits) {
            this(gridDoublings, bisections, refits, 0);
        }

        /**
         * The default effort. On blocks and channels of Gaussian and Laplacian values of 2 to 4
         * bits more effort gains less than 0.01 dB; at 8 bits 0.1 to 0.4 dB are left.
         */
        public LeastSquares() {
            this(3, 3, 1);
        }

        /**
         * Effort for groups of many values, such as whole tensors: within 0.01 dB of the best scale
         * and zero point on a million values of 1 to 8 bits, where the default effort leaves up to
         * 0.3 dB in asymmetric formats, because the extremes of many values say little about where
         * the zero point should be.
         */
        public static LeastSquares thorough() {
            return new LeastSquares(5, 4, 4, 2);
        }

        /**
         * Half the effort, for 0.02 dB less on the weights of a transformer in blocks of 32 and 4
         * bits.
         */
        public static LeastSquares quick() {
            return new LeastSquares(2, 1, 1);
        }
    }
}
