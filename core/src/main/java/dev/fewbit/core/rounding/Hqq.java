package dev.fewbit.core.rounding;

import dev.fewbit.core.format.Affine;

/**
 * Half-quadratic quantization, which needs no data: H. Badri and A. Shaji, <a
 * href="https://mobiusml.github.io/hqq_blog/">Half-Quadratic Quantization of Large Machine Learning
 * Models</a>, 2023.
 *
 * <p>It minimizes {@code sum |w - v|^p} with p below 1, so that a few outliers may be met badly for
 * the sake of the many. With a scale s and a zero point z for each group, in turns:
 *
 * <pre>
 * q = round(w / s + z)           the codes
 * e = shrink(w - s (q - z))      what is given up on, shrink(x) = sign(x) max(0, |x| - |x|^(p-1) / b)
 * s, z: regression of w - e on q                                     b grows from turn to turn
 * </pre>
 *
 * <p>until the sum of {@code |w - v|} rises. The paper moves z alone, which does little where zero
 * points are integers, as in all standard formats; so here s moves too, and of z the two integers
 * next to it are tried. It stays near the start: the least sum of {@code |w - v|} of all would clip
 * so much that the squared error, which outputs feel, became larger than that of min-max. Lengths
 * are measured in steps of the grid at the start, which makes the result independent of the unit of
 * the weights.
 */
public final class Hqq {

    private static final int BAND = 16;

    private Hqq() {}

    /**
     * Moves scales and zero points of a grid, of a symmetric format only scales.
     *
     * @param start for example fitted by min-max
     * @return a grid of which no group has a larger sum of {@code |w - v|} than at the start
     */
    public static AffineGrid improve(WeightMatrix weights, AffineGrid start, Workers workers) {
        start.requireShape(weights);
        Affine format = start.format();
        float[] scales = start.scales();
        int[] zeroPoints = start.zeroPoints();
        int columns = weights.columns();
        workers.runRanges(
                weights.rows(),
                BAND,
                (from, to) -> {
                    for (int row = from; row < to; row++) {
                        for (int g = 0; g < start.groups(); g++) {
                            int first = g * start.groupSize();
                            int end = Math.min(columns, first + start.groupSize());
                            double[] steps = new double[end - first];
                            for (int c = first; c < end; c++) {
                                steps[c - first] =
                                        (double) weights.get(row, c) / start.scale(row, g);
                            }
                            int at = row * start.groups() + g;
                            HalfQuadratic group =
                                    new HalfQuadratic(steps, format, scales[at], zeroPoints[at]);
                            group.descend();
                            scales[at] = group.scale();
                            zeroPoints[at] = group.zeroPoint();
                        }
                    }
                });
        return new AffineGrid(
                weights.rows(), columns, start.groupSize(), format, scales, zeroPoints);
    }

    /**
     * The proximal operator of {@code |x|^p}, as the paper approximates it. The power is one of
     * square roots, which every machine rounds alike: {@code |x|^(p - 1)} for p = 11 / 16.
     */
    static double shrink(double value, double weight) {
        double magnitude = Math.abs(value);
        // Below 1 / weight the power alone is larger than the value.
        if (magnitude <= 1 / weight) {
            return 0;
        }
        double fourth = Math.sqrt(Math.sqrt(magnitude));
        double sixteenth = Math.sqrt(Math.sqrt(fourth));
        double rest = magnitude - 1 / (weight * fourth * sixteenth);
        return rest > 0 ? Math.copySign(rest, value) : 0;
    }
}
