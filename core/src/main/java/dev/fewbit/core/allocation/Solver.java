package dev.fewbit.core.allocation;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Solves a problem of which some choice within the budget is known: searches with a small excess
 * above the bound, and with more and more until there is a choice. The first found is the best of
 * all, since every choice with less excess was searched.
 */
final class Solver {

    /** Options dearer than the cheapest that the first search may take. */
    private static final int FIRST_OPTIONS = 16;

    private final Problem problem;
    private final long mostLabels;
    private long made;
    private double bound;

    Solver(Problem problem, long mostLabels) {
        this.problem = problem;
        this.mostLabels = mostLabels;
    }

    /** Labels that were made. */
    long made() {
        return made;
    }

    /** No choice has a smaller loss; equal to that of the choice found where it is the best. */
    double bound() {
        return bound;
    }

    /**
     * Finds the best choice, as places in the problem.
     *
     * @param start a choice within the budget
     */
    int[] run(int[] start) {
        PriceSearch search = new PriceSearch(problem, start);
        Bound best = search.run();
        int[] known = Improvement.of(problem, search.incumbent());
        double[] dearer = dearer(best.prices());
        bound = best.loss();
        int options = FIRST_OPTIONS;
        double excess = excess(options, dearer, loss(known) - best.loss());
        // A search that fails leaves labels for another, which profits from what it found.
        long share = Math.max(1, mostLabels / 3);
        while (true) {
            LabelSearch labels = new LabelSearch(problem, best, excess, share);
            int @Nullable [] found = labels.run();
            made += labels.made();
            if (found != null && labels.complete()) {
                bound = loss(found);
                return found;
            }
            boolean better = false;
            if (found != null && loss(found) < loss(known)) {
                known = found;
                better = true;
            }
            double most = loss(known) - best.loss();
            long left = mostLabels - made;
            if (labels.complete() && excess < most) {
                bound = best.loss() + excess;
                options += options / 2;
                excess = excess(options, dearer, most);
            } else if (labels.complete() || left <= 0 || share > mostLabels / 3) {
                return known;
            } else {
                excess = Math.min(excess, most);
                share = better ? share : left;
            }
            share = Math.clamp(share, 1, Math.max(1, left));
        }
    }

    /** The excess that the first so many dearer options have, at most that of a known choice. */
    private static double excess(int options, double[] dearer, double most) {
        return options < dearer.length ? Math.min(most, dearer[options]) : most;
    }

    private double loss(int[] chosen) {
        double loss = 0;
        for (int item = 0; item < chosen.length; item++) {
            loss += problem.loss[item][chosen[item]];
        }
        return loss;
    }

    /** How much dearer options are than the cheapest of their item, in ascending order. */
    private double[] dearer(Multipliers prices) {
        double[] all = new double[problem.items()];
        int size = 0;
        for (int item = 0; item < problem.items(); item++) {
            int count = problem.loss[item].length;
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < count; k++) {
                least = Math.min(least, prices.cost(problem, item, k));
            }
            if (size + count > all.length) {
                all = Arrays.copyOf(all, 2 * (size + count));
            }
            boolean cheapestMet = false;
            for (int k = 0; k < count; k++) {
                double more = prices.cost(problem, item, k) - least;
                if (more > 0 || cheapestMet) {
                    all[size++] = more;
                } else {
                    cheapestMet = true;
                }
            }
        }
        Arrays.sort(all, 0, size);
        return Arrays.copyOf(all, size);
    }
}
