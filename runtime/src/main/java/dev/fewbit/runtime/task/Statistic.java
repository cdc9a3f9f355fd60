package dev.fewbit.runtime.task;

/** A figure made of what was noted for every question. */
public sealed interface Statistic permits Mean, Perplexity, RankCorrelation {

    /** The figure; not-a-number when there is too little to tell. */
    double value();

    /** How many questions it was taken over. */
    long samples();

    /** Standard error of the figure; not-a-number when there is too little to tell. */
    double standardError();

    /**
     * Standard error of the difference to the same figure of another model, which was asked the
     * same questions.
     *
     * @param other of the same kind, over the same questions
     */
    double differenceError(Statistic other);

    /** Rejects a comparison of what is not comparable. */
    static IllegalArgumentException incomparable(Statistic first, Statistic second) {
        return new IllegalArgumentException(
                "cannot compare "
                        + first.getClass().getSimpleName()
                        + " over "
                        + first.samples()
                        + " with "
                        + second.getClass().getSimpleName()
                        + " over "
                        + second.samples());
    }
}
