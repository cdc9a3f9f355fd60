package dev.fewbit.core.rounding;

/**
 * Moments of a layer's inputs x in the float network together with its inputs x' in the network
 * whose earlier layers are quantized.
 */
public final class PairedMoments {

    private final Hessian quantized;
    private final double[] cross;
    private final double[] floatMean;
    private final double[] quantizedMean;

    /** Takes the arrays. */
    PairedMoments(Hessian quantized, double[] cross, double[] floatMean, double[] quantizedMean) {
        this.quantized = quantized;
        this.cross = cross;
        this.floatMean = floatMean;
        this.quantizedMean = quantizedMean;
    }

    /**
     * From their values, which are copied.
     *
     * @param quantized mean of {@code x' x'^T}
     * @param cross mean of {@code x x'^T}, row-major
     * @param floatMean mean of x
     * @param quantizedMean mean of x'
     */
    public static PairedMoments of(
            Hessian quantized, double[] cross, double[] floatMean, double[] quantizedMean) {
        int width = quantized.width();
        if (cross.length != (long) width * width
                || floatMean.length != width
                || quantizedMean.length != width) {
            throw new IllegalArgumentException(
                    "%d inputs need %d x %d cross moments and means of %d, got %d, %d and %d"
                            .formatted(
                                    width,
                                    width,
                                    width,
                                    width,
                                    cross.length,
                                    floatMean.length,
                                    quantizedMean.length));
        }
        return new PairedMoments(
                quantized, cross.clone(), floatMean.clone(), quantizedMean.clone());
    }

    /** Mean of {@code x' x'^T}: what errors of the rounded weights cost. */
    public Hessian quantized() {
        return quantized;
    }

    /** An element of the mean of {@code x x'^T}. */
    public double cross(int row, int column) {
        return cross[row * quantized.width() + column];
    }

    /** Mean of x; a copy. */
    public double[] floatMean() {
        return floatMean.clone();
    }

    /** Mean of x'; a copy. */
    public double[] quantizedMean() {
        return quantizedMean.clone();
    }

    /** The same about the means: what counts if the bias is corrected for those. */
    public PairedMoments centered() {
        double[] centeredCross = Centering.subtract(cross.clone(), floatMean, quantizedMean);
        double[] moments = quantized.values().clone();
        Hessian centered =
                new Hessian(
                        quantized.width(),
                        Centering.subtract(moments, quantizedMean, quantizedMean));
        return new PairedMoments(centered, centeredCross, floatMean, quantizedMean);
    }

    double[] crossValues() {
        return cross;
    }
}
