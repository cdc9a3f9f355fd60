package dev.fewbit.core.level;

/**
 * Looks for the scale with which the levels of a table have the least squared error.
 *
 * <p>The error as a function of the scale has many local minima. Steps: (1) a geometric grid of
 * scales in steps of 1/8 (1/16 with more than 16 levels), from those that clip to those that reach
 * twice as far as the values; (2) the better neighbours at a half, a quarter, ... of such a step;
 * (3) alternately the best codes for a given scale and the best scale for given codes, {@code s =
 * sum(h x l) / sum(h l^2)}, which never gets worse. Where levels do not lie symmetrically around
 * zero negative scales are tried too; with more than 16 levels in the second step only. Each step
 * keeps the best seen.
 *
 * <p>On {@link Points} an error takes {@code levels * log(points)} steps, however many values there
 * are. Immutable, shared by threads.
 */
public final class ScaleSearch {

    /** Grid from this times the root mean square over the largest level, */
    private static final double NARROWEST = 0.6;

    /** or, if that is less, this part of the spanning scale, */
    private static final double SMALLEST_PART = 0.7;

    /**
     * to this many times the scale with which the levels of the side that reaches less far span the
     * values: an octave more, since with levels that are octaves apart the place of the largest in
     * its octave counts as much as how far it reaches,
     */
    private static final double WIDEST = 2;

    /** where a side that reaches less far than this part of the other does not count, */
    private static final double SHORTEST_SIDE = 0.25;

    /** each so many times the one before, or the square root of that with many levels. */
    private static final double STEP = 1.125;

    private static final int MANY_LEVELS = 17;

    private static final int HALVINGS = 4;
    private static final int REFITS = 8;

    private final double[] levels;
    private final double extreme;
    private final double reach;
    private final boolean bothSigns;

    /** For the scales of a table, of any sign. */
    public ScaleSearch(LevelTable table) {
        this(table, true);
    }

    /**
     * For the scales of a table.
     *
     * @param negative whether a scale may be negative, which is never better where levels lie
     *     symmetrically around zero
     */
    public ScaleSearch(LevelTable table, boolean negative) {
        levels = new double[table.size()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = table.level(i);
        }
        extreme = table.extreme();
        double lower = Math.min(-levels[0], levels[levels.length - 1]);
        reach = lower < SHORTEST_SIDE * extreme ? extreme : lower;
        boolean symmetric = true;
        for (int i = 0; i < levels.length; i++) {
            symmetric &= levels[i] == -levels[levels.length - 1 - i];
        }
        bothSigns = negative && !symmetric;
    }

    /**
     * Searches.
     *
     * @param points at least 1
     * @return the scale; 1 where all values or all levels are zero
     */
    public float search(Points points) {
        if (points.size() == 0) {
            return 1;
        }
        double largest =
                Math.max(
                        Math.abs(points.position(0)), Math.abs(points.position(points.size() - 1)));
        if (largest == 0 || extreme == 0) {
            return 1;
        }
        Trial trial = new Trial(points);
        double rootMeanSquare = Math.sqrt(points.energy() / points.weight(0, points.size()));
        double spanning = largest / reach;
        double lowest = Math.min(SMALLEST_PART * spanning, NARROWEST * rootMeanSquare / reach);
        boolean many = levels.length >= MANY_LEVELS;
        double factor = many ? Math.sqrt(STEP) : STEP;
        for (double scale = lowest; scale < WIDEST * spanning; scale *= factor) {
            trial.take(scale, bothSigns && !many);
        }
        for (int i = 0; i < HALVINGS; i++) {
            factor = Math.sqrt(factor);
            double best = trial.best;
            trial.take(best * factor, bothSigns);
            trial.take(best / factor, bothSigns);
        }
        trial.refit();
        return bounded(trial.best);
    }

    /** The nearest float that is a normal number and with which no level overflows. */
    private float bounded(double scale) {
        double most = Math.min(Float.MAX_VALUE, Float.MAX_VALUE / extreme);
        double magnitude = Math.clamp(Math.abs(scale), Float.MIN_NORMAL, most);
        float rounded = (float) magnitude;
        while (Float.isInfinite((float) (rounded * extreme))) {
            rounded = Math.nextDown(rounded);
        }
        return scale < 0 ? -rounded : rounded;
    }

    /** The best scale so far. */
    private final class Trial {

        private final Points points;
        private double best = 1;
        private double leastError = Double.POSITIVE_INFINITY;

        /** What the codes of the best scale say that the scale should be. */
        private double refitted = 1;

        Trial(Points points) {
            this.points = points;
        }

        void take(double scale, boolean negativeToo) {
            takeSigned(scale);
            if (negativeToo) {
                takeSigned(-scale);
            }
        }

        private void takeSigned(double scale) {
            int last = levels.length - 1;
            int flip = scale < 0 ? last : 0;
            double error = 0;
            double products = 0;
            double squares = 0;
            int from = 0;
            for (int i = 0; i <= last; i++) {
                double level = levels[i ^ flip];
                int to = points.size();
                if (i < last) {
                    double threshold = (level + levels[(i + 1) ^ flip]) / 2 * scale;
                    to = points.firstAbove(threshold, from);
                }
                if (to > from) {
                    error += points.error(from, to, level * scale);
                    products += level * points.sum(from, to);
                    squares += level * level * points.weight(from, to);
                }
                from = to;
            }
            if (error < leastError) {
                leastError = error;
                best = scale;
                refitted = squares > 0 ? products / squares : scale;
            }
        }

        void refit() {
            for (int i = 0; i < REFITS; i++) {
                double before = best;
                if (refitted == 0) {
                    return;
                }
                takeSigned(refitted);
                if (best == before) {
                    return;
                }
            }
        }
    }
}
