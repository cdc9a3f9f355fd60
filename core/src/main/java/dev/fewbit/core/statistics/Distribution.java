package dev.fewbit.core.statistics;

/**
 * How values are distributed, as far as counts of bins know it: the common face of histograms.
 *
 * <p>Sizes of values are not known beyond their bin; what is derived from a distribution takes them
 * as spread evenly over the {@link Pieces piece} that they lie in.
 */
public sealed interface Distribution permits Histogram, OctaveHistogram {

    /** Number of values. */
    long count();

    /** How many of them are zero. */
    long zeros();

    /** Smallest value; positive infinity when there is none. */
    float minimum();

    /** Largest value; negative infinity when there is none. */
    float maximum();

    /** Where the values other than zero lie. */
    Pieces pieces();
}
