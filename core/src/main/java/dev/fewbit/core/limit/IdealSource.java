package dev.fewbit.core.limit;

/**
 * Independent values of a known density, and how well they can be quantized: signal-to-noise ratios
 * in dB for codes of 1 to 8 bits.
 *
 * <p>The columns are, from the unreachable to the plain: the rate-distortion bound; entropy-coded
 * scalar quantization; the best table of levels for codes of one width (Lloyd 1957, Max 1960; Paez
 * and Glisson 1972 for Laplacian values); the best evenly spaced levels, which lie symmetrically
 * around zero, half a step away from it (Max 1960; Jayant and Noll, "Digital coding of waveforms",
 * 1984). Ours were computed to four digits from the densities' partial moments and agree with those
 * published.
 *
 * <p>Evenly spaced levels of which one is zero, as all affine formats have them, do not reach the
 * last column with few bits: {@link #uniformWithZero}.
 */
@SuppressWarnings("ImmutableEnumChecker") // The arrays are never written after construction.
public enum IdealSource {
    /** Normally distributed. */
    GAUSSIAN(
            0,
            new double[] {4.580, 10.509, 16.529, 22.549, 28.570, 34.591, 40.611, 46.632},
            new double[] {4.396, 9.300, 14.616, 20.222, 26.013, 31.910, 37.865, 43.853},
            new double[] {4.396, 9.250, 14.267, 19.377, 24.565, 29.830, 35.167, 40.571},
            new double[] {2.254, 8.256, 13.911, 19.258, 24.527, 29.818, 35.163, 40.570}),

    /** Two-sided exponential: heavier tails. */
    LAPLACIAN(
            10 * Math.log10(Math.PI / Math.E),
            new double[] {5.768, 11.327, 17.208, 23.191, 29.202, 35.220, 41.240, 47.260},
            new double[] {3.010, 7.540, 12.638, 18.133, 23.870, 29.743, 35.688, 41.671},
            new double[] {3.010, 7.071, 11.442, 15.960, 20.598, 25.356, 30.229, 35.208},
            new double[] {1.992, 6.840, 11.427, 15.976, 20.610, 25.361, 30.231, 35.209});

    /** Most bits that there are figures for. */
    public static final int MOST_BITS = 8;

    /** dB of a bit of rate, {@code 20 log10(2)}. */
    static final double PER_BIT = 20 * Math.log10(2);

    private final double zeroRate;
    private final double[] entropyCoded;
    private final double[] codebook;
    private final double[] uniform;
    private final double[] uniformWithZero;

    IdealSource(
            double zeroRate,
            double[] entropyCoded,
            double[] codebook,
            double[] uniform,
            double[] uniformWithZero) {
        this.zeroRate = zeroRate;
        this.entropyCoded = entropyCoded;
        this.codebook = codebook;
        this.uniform = uniform;
        this.uniformWithZero = uniformWithZero;
    }

    /**
     * Shannon's bound for codes of any kind, of many values together: {@code 6.02 R} for Gaussian
     * values. For Laplacian ones it is his lower bound of the distortion, {@code 6.02 R + 10 log10
     * (pi / e)}, which is approached at high rates.
     *
     * @param bits rate in bits per value, not negative
     */
    public double bound(double bits) {
        return PER_BIT * bits + zeroRate;
    }

    /**
     * Evenly spaced thresholds, one bin around zero, means of the bins as levels, and an ideal
     * entropy code of so many bits on average: 1.53 dB from the bound at high rates.
     *
     * @param bits 1 to 8
     */
    public double entropyCoded(int bits) {
        return at(entropyCoded, bits);
    }

    /**
     * The best {@code 2^bits} levels.
     *
     * @param bits 1 to 8
     */
    public double codebook(int bits) {
        return at(codebook, bits);
    }

    /**
     * The best {@code 2^bits} evenly spaced levels that lie symmetrically around zero.
     *
     * @param bits 1 to 8
     */
    public double uniform(int bits) {
        return at(uniform, bits);
    }

    /**
     * The best {@code 2^bits} evenly spaced levels of which one is zero.
     *
     * @param bits 1 to 8
     */
    public double uniformWithZero(int bits) {
        return at(uniformWithZero, bits);
    }

    private static double at(double[] column, int bits) {
        if (bits < 1 || bits > MOST_BITS) {
            throw new IllegalArgumentException(
                    "there are figures for 1 to %d bits, not for %d".formatted(MOST_BITS, bits));
        }
        return column[bits - 1];
    }
}
