package dev.fewbit.core.limit;

import dev.fewbit.core.level.OptimalClusters;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.statistics.Distribution;
import dev.fewbit.core.statistics.Pieces;

import java.util.ArrayList;
import java.util.List;

/**
 * What one table of levels can reach at best for the values of a tensor: its signal-to-noise ratio
 * for any number of levels, by optimal clustering.
 *
 * <p>It is a limit for formats that treat the whole tensor alike. Scales for channels or blocks
 * adapt to differences within a tensor, so that a gap to this limit can be negative; compared at
 * equal bits, with scales and other parameters counted as bits, it says what the adaptation is
 * worth. Immutable.
 */
public final class CodebookLimit {

    /** Points to cluster: enough for 0.02 dB with 256 levels. */
    private static final int POINTS = 1 << 12;

    private static final int MOST_LEVELS = 1 << IdealSource.MOST_BITS;

    /** dB by the number of levels less one. */
    private final double[] ratios;

    private CodebookLimit(double[] ratios) {
        this.ratios = ratios;
    }

    /**
     * From counts of bins. Values are taken as spread evenly over their bin, which is right if bins
     * are narrower than the steps between levels.
     */
    public static CodebookLimit of(Distribution distribution) {
        Pieces pieces = distribution.pieces();
        List<double[]> intervals = new ArrayList<>();
        boolean zerosPending = distribution.zeros() > 0;
        for (int i = 0; i < pieces.size(); i++) {
            if (zerosPending && pieces.lower(i) >= 0) {
                intervals.add(new double[] {0, 0, distribution.zeros()});
                zerosPending = false;
            }
            intervals.add(new double[] {pieces.lower(i), pieces.upper(i), pieces.count(i)});
        }
        if (zerosPending) {
            intervals.add(new double[] {0, 0, distribution.zeros()});
        }
        return of(
                Points.ofIntervals(
                        column(intervals, 0), column(intervals, 1), column(intervals, 2), POINTS));
    }

    private static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }

    /** From points, exactly. */
    public static CodebookLimit of(Points points) {
        double[] ratios = new double[MOST_LEVELS];
        double energy = points.energy();
        OptimalClusters clusters =
                points.size() == 0 ? null : new OptimalClusters(points, MOST_LEVELS);
        for (int levels = 1; levels <= MOST_LEVELS; levels++) {
            double error = clusters == null ? 0 : clusters.error(levels);
            ratios[levels - 1] =
                    error > 0 ? 10 * Math.log10(energy / error) : Double.POSITIVE_INFINITY;
        }
        return new CodebookLimit(ratios);
    }

    /**
     * The best ratio in dB; infinite where there are no more different values than levels.
     *
     * @param levels 1 to 256
     */
    public double withLevels(int levels) {
        return ratios[levels - 1];
    }

    /**
     * The best ratio in dB at so many bits a value. Between whole numbers of levels it is
     * interpolated, and above 8 bits each bit adds 6.02 dB.
     *
     * @param bits not negative; the parameters of a format may be included
     */
    public double atBits(double bits) {
        if (bits >= IdealSource.MOST_BITS) {
            return ratios[MOST_LEVELS - 1] + IdealSource.PER_BIT * (bits - IdealSource.MOST_BITS);
        }
        double levels = Math.pow(2, Math.max(0, bits));
        int below = (int) Math.min(MOST_LEVELS - 1, Math.floor(levels));
        double part = Math.log(levels / below) / Math.log((below + 1.0) / below);
        double next = ratios[below];
        return Double.isInfinite(next)
                ? (part == 0 ? ratios[below - 1] : next)
                : ratios[below - 1] + part * (next - ratios[below - 1]);
    }

    /**
     * How many dB a ratio is short of the best at so many bits; 0 where both are infinite.
     *
     * @param sqnrDecibels what was reached
     */
    public double gap(double bits, double sqnrDecibels) {
        double best = atBits(bits);
        return best == sqnrDecibels ? 0 : best - sqnrDecibels;
    }
}
