package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells whether a partial choice can still become one within the budget whose loss is at most a
 * given one.
 *
 * <p>Every pair of prices proves a bound for what can become of a label: its loss, plus what the
 * cheapest options of the items ahead cost at the prices, plus the price of what the label takes of
 * the budget, less that of the whole budget ({@link Multipliers}). The best prices for the whole
 * problem are too low for a label that took more than its part, and too high for one that took
 * less; so several others are tried around them.
 */
final class Reach {

    private static final double[] FACTORS = {0.25, 0.5, 0.8, 1.25, 2, 4};

    private final Problem problem;
    private final double mostLoss;
    private final List<Multipliers> prices = new ArrayList<>();
    private final double[] perByte;
    private final double[] perTick;

    /** The price of the whole budget. */
    private final double[] budget;

    /**
     * For choices with at most some loss.
     *
     * @param best the prices with the highest bound for the whole problem
     */
    Reach(Problem problem, Multipliers best, double mostLoss) {
        this.problem = problem;
        this.mostLoss = mostLoss;
        prices.add(best);
        for (double factor : FACTORS) {
            if (best.perByte() > 0) {
                prices.add(best.times(factor, 1));
            }
            if (best.perTick() > 0) {
                prices.add(best.times(1, factor));
            }
            if (best.perByte() > 0 && best.perTick() > 0) {
                prices.add(best.times(factor, factor));
                prices.add(best.times(factor, 1 / factor));
            }
        }
        perByte = prices.stream().mapToDouble(Multipliers::perByte).toArray();
        perTick = prices.stream().mapToDouble(Multipliers::perTick).toArray();
        budget = prices.stream().mapToDouble(price -> price.budget(problem)).toArray();
    }

    /** The prices at which items ahead are to be measured. */
    List<Multipliers> prices() {
        return prices;
    }

    /**
     * For a label.
     *
     * @param ahead the items that are not chosen yet
     */
    boolean allows(double loss, long bytes, long ticks, Extent ahead) {
        if (!problem.allows(bytes + ahead.leastBytes(), ticks + ahead.leastTicks())) {
            return false;
        }
        double[] leastCosts = ahead.leastCosts();
        double unspent = unspent(bytes + ahead.mostBytes(), ticks + ahead.mostTicks());
        for (int p = 0; p < perByte.length; p++) {
            double bound =
                    loss + leastCosts[p] + perByte[p] * bytes + perTick[p] * ticks - budget[p];
            if (bound + unspent > mostLoss) {
                return false;
            }
            unspent = 0;
        }
        return true;
    }

    /** At the best prices, that of what is left when so much at most will be taken. */
    private double unspent(long bytes, long ticks) {
        double price = 0;
        if (problem.limitsBytes && bytes < problem.mostBytes) {
            price += perByte[0] * (problem.mostBytes - bytes);
        }
        if (problem.limitsTicks && ticks < problem.mostTicks) {
            price += perTick[0] * (problem.mostTicks - ticks);
        }
        return price;
    }
}
