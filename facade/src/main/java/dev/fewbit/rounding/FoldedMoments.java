package dev.fewbit.rounding;

import dev.fewbit.core.rounding.OutputMoments;

/**
 * The moments of a layer over every other sample, and over the samples between.
 *
 * @param even of the first, the third, and so on
 * @param odd of the others; the same as {@code even} where there is one sample only
 * @param share the share of rows that {@code even} is of
 */
@SuppressWarnings("ReferenceEquality") // One half or two, whatever they hold.
record FoldedMoments(OutputMoments even, OutputMoments odd, double share) {

    /** Whether there are two halves. */
    boolean isFolded() {
        return even != odd;
    }

    /** Of all samples. */
    OutputMoments all() {
        return isFolded() ? even.mixed(share, odd) : even;
    }

    /** Each half about its means. */
    FoldedMoments centered() {
        OutputMoments first = even.centered();
        return new FoldedMoments(first, isFolded() ? odd.centered() : first, share);
    }
}
