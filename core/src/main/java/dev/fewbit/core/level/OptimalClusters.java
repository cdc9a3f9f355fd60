package dev.fewbit.core.level;

/**
 * The division of weighted points on a line into clusters with the least sum of squared distances
 * from their means, for every number of clusters up to a given one.
 *
 * <p>With {@code D(k, j)} the least sum for the first j points and k clusters,
 *
 * <pre>D(k, j) = min over i of D(k - 1, i) + spread(i, j)</pre>
 *
 * <p>The best i does not fall as j rises, because spread satisfies the quadrangle inequality. So a
 * row of the table takes {@code n log n} steps by divide and conquer (Wu, "Optimal quantization by
 * matrix searching", 1991; Grønlund and others, "Fast exact k-means, k-medians and Bregman
 * divergence clustering in 1D", 2017). Lloyd's algorithm only approaches this optimum. Where two
 * divisions are as good, the first boundary is the lower one. Immutable.
 */
public final class OptimalClusters {

    /** Most points: a boundary is kept as 16 bits. */
    public static final int MOST_POINTS = Character.MAX_VALUE;

    private final Points points;

    /** Least sums of all points, by the number of clusters less one. */
    private final double[] errors;

    /** First point of the last cluster of the first j points, by clusters less one and j. */
    private final char[][] starts;

    /**
     * Finds the divisions. Takes {@code most * n * 2} bytes while the object lives.
     *
     * @param points at least 1
     * @param most largest number of clusters, at least 1
     */
    public OptimalClusters(Points points, int most) {
        int size = points.size();
        if (size < 1 || size > MOST_POINTS || most < 1) {
            throw new IllegalArgumentException(
                    "1 to %d points in at least 1 cluster are needed, got %d and %d"
                            .formatted(MOST_POINTS, size, most));
        }
        this.points = points;
        int rows = Math.min(most, size);
        errors = new double[rows];
        starts = new char[rows][size + 1];
        double[] previous = new double[size + 1];
        double[] current = new double[size + 1];
        for (int j = 1; j <= size; j++) {
            previous[j] = points.spread(0, j);
        }
        errors[0] = previous[size];
        for (int k = 1; k < rows; k++) {
            new Row(previous, current, starts[k]).solve(k + 1, size + 1, k, size - 1);
            errors[k] = current[size];
            double[] swap = previous;
            previous = current;
            current = swap;
        }
    }

    /** One more cluster than the row before; no cluster is empty. */
    private final class Row {

        private final double[] previous;
        private final double[] current;
        private final char[] start;

        Row(double[] previous, double[] current, char[] start) {
            this.previous = previous;
            this.current = current;
            this.start = start;
        }

        /**
         * Entries from one index to the one before another, whose best starts lie between two
         * bounds, both included.
         */
        void solve(int from, int to, int lowest, int highest) {
            if (from >= to) {
                return;
            }
            int j = (from + to) >>> 1;
            int best = lowest;
            double least = Double.POSITIVE_INFINITY;
            for (int i = lowest; i <= Math.min(highest, j - 1); i++) {
                double error = previous[i] + points.spread(i, j);
                if (error < least) {
                    least = error;
                    best = i;
                }
            }
            current[j] = least;
            start[j] = (char) best;
            solve(from, j, lowest, best);
            solve(j + 1, to, best, highest);
        }
    }

    /** Largest number of clusters that was looked at; no more than there are points. */
    public int most() {
        return errors.length;
    }

    /**
     * Least sum of squared distances.
     *
     * @param clusters at least 1; more than {@link #most} count as that many
     */
    public double error(int clusters) {
        return errors[Math.min(clusters, most()) - 1];
    }

    /**
     * Means of the clusters, ascending.
     *
     * @param clusters as in {@link #error}
     */
    public double[] means(int clusters) {
        int count = Math.min(clusters, most());
        double[] means = new double[count];
        int end = points.size();
        for (int k = count - 1; k >= 0; k--) {
            int begin = k == 0 ? 0 : starts[k][end];
            means[k] = points.mean(begin, end);
            end = begin;
        }
        return means;
    }

    /**
     * The best table.
     *
     * @param levels number of its levels: 2, 4, 8, ... or 256
     */
    public LevelTable table(int levels) {
        return LevelTable.filledUp(means(levels), levels);
    }
}
