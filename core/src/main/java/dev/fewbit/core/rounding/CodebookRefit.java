package dev.fewbit.core.rounding;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The best levels of a codebook for codes that are given, alternated with {@link
 * CoordinateDescent}: the layer-wise non-uniform quantization (LNQ) of J. Kim et al., <a
 * href="https://arxiv.org/abs/2505.07004">GuidedQuant</a>, 2025.
 *
 * <p>With P the matrix that says which weight has which level (times the scale of its group), the
 * error of a row is quadratic in the levels c, and the best are
 *
 * <pre>
 * c = (P^T H P + ridge)^-1 P^T H w
 * </pre>
 *
 * <p>where both are summed over all rows that share a table. Each step lowers the error.
 *
 * <p>Cost for n rows and d columns: {@code n d^2} additions, and a system with as many unknowns as
 * levels for each table. Does not depend on the number of threads.
 */
public final class CodebookRefit {

    /** Rows that a thread takes at a time; they share what it reads of H. */
    private static final int BAND = 8;

    private CodebookRefit() {}

    /**
     * Fits the levels of every table.
     *
     * @param target what the values are to come close to
     * @param rounded on a {@link LevelGrid}
     * @return levels that are at least as good, ascending, and codes that point to the same levels
     *     as before; a level that no weight has stays
     * @throws IllegalArgumentException when the grid has no tables
     */
    public static RoundedMatrix refit(
            WeightMatrix target, Hessian h, RoundedMatrix rounded, Workers workers) {
        target.requireColumns("Hessian", h.width());
        rounded.grid().requireShape(target);
        LevelGrid grid = requireLevels(rounded);
        LevelSystem[] bands = new LevelSystem[Math.ceilDiv(target.rows(), BAND)];
        workers.runRanges(
                target.rows(),
                BAND,
                (from, to) ->
                        bands[from / BAND] = new LevelSystem(target, h, rounded, grid, from, to));
        float[][] tables = grid.tables();
        byte[][] places = new byte[tables.length][];
        for (int t = 0; t < tables.length; t++) {
            places[t] = ascending(fit(t, tables[t], bands), tables, t);
        }
        byte[] codes = rounded.codes();
        for (int i = 0; i < codes.length; i++) {
            int table = i / target.columns() / grid.rowsPerTable();
            codes[i] = places[table][codes[i] & 0xFF];
        }
        return new RoundedMatrix(grid.withTables(tables), codes);
    }

    /**
     * Alternates: levels, then codes, and again.
     *
     * @param rounds how often at most; it ends when neither changes
     * @param sweeps of {@link CoordinateDescent} in each round
     */
    public static RoundedMatrix alternate(
            WeightMatrix target,
            Hessian h,
            RoundedMatrix start,
            int rounds,
            int sweeps,
            Workers workers) {
        RoundedMatrix best = start;
        for (int round = 0; round < rounds; round++) {
            RoundedMatrix fitted = refit(target, h, best, workers);
            RoundedMatrix next = CoordinateDescent.improve(target, h, fitted, sweeps, workers);
            boolean same =
                    Arrays.deepEquals(requireLevels(next).tables(), requireLevels(best).tables())
                            && Arrays.equals(next.codes(), best.codes());
            best = next;
            if (same) {
                break;
            }
        }
        return best;
    }

    private static LevelGrid requireLevels(RoundedMatrix rounded) {
        if (rounded.grid() instanceof LevelGrid grid) {
            return grid;
        }
        throw new IllegalArgumentException(
                "a grid with tables is needed, got evenly spaced levels; fit those by ScaleRefit");
    }

    private static float[] fit(int table, float[] levels, LevelSystem[] bands) {
        int n = levels.length;
        double[] m = new double[n * n];
        double[] side = new double[n];
        for (LevelSystem band : bands) {
            band.addTo(table, m, side);
        }
        double[] point = new double[n];
        for (int i = 0; i < n; i++) {
            point[i] = levels[i];
        }
        double[] best = SmallSystem.minimize(m, side, point);
        float[] fitted = new float[n];
        double[] candidate = new double[n];
        for (int i = 0; i < n; i++) {
            fitted[i] = (float) best[i];
            candidate[i] = fitted[i];
        }
        double gain = SmallSystem.cost(m, side, point) - SmallSystem.cost(m, side, candidate);
        // Not where it is NaN.
        return gain > 0 ? fitted : levels;
    }

    /** Puts levels into order, and says to which place each went. */
    private static byte[] ascending(float[] levels, float[][] tables, int table) {
        Integer[] order = new Integer[levels.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> levels[i]));
        byte[] places = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            tables[table][i] = levels[order[i]];
            places[order[i]] = (byte) i;
        }
        return places;
    }
}
