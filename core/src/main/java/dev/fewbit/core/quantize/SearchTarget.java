package dev.fewbit.core.quantize;

/**
 * Groups that {@link LeastSquaresSearch} looks for parameters of, side by side.
 *
 * <p>Candidate k of lane l has index {@code k * lanes() + l} in every array of candidates.
 */
interface SearchTarget {

    /** Number of groups. */
    int lanes();

    /** Squared errors of candidates, fast, for comparison among themselves. */
    void searchErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors);

    /** Squared errors of candidates as quantization will have them. */
    void exactErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors);

    /**
     * Sums for a regression of the values on their steps c from the zero point, for one candidate a
     * lane.
     *
     * @param moments receives {@code lanes()} sums each of c, c^2, x, x c, x^2
     */
    void moments(float[] scales, int[] zeroPoints, double[] moments);
}
