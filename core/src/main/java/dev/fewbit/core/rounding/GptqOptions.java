package dev.fewbit.core.rounding;

/**
 * How {@link Gptq} goes about it.
 *
 * @param damping what is added to the diagonal of the Hessian, as a share of its mean; 0 to 1
 * @param descending whether inputs are taken by the size of their mean squares, the largest first
 *     ("act-order"), while those after them can still make up for their errors; otherwise in the
 *     order of the columns
 */
public record GptqOptions(double damping, boolean descending) {

    /** Checks the damping. */
    public GptqOptions {
        Hessian.requireShare(damping);
    }

    /** A damping of 1 %, in the order of the columns. */
    public static GptqOptions standard() {
        return new GptqOptions(0.01, false);
    }

    /** A damping of 1 %, the largest inputs first. */
    public static GptqOptions largestFirst() {
        return new GptqOptions(0.01, true);
    }
}
