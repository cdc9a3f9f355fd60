package dev.fewbit.core.allocation;

/**
 * Prices of a byte and of a tick, and the bound that they prove: for all prices {@code p, q >= 0}
 * no choice within the budget {@code B, S} has a loss below
 *
 * <pre>  sum over items of min over options (loss + p bytes + q ticks)  -  p B  -  q S</pre>
 *
 * (Lagrange). {@link PriceSearch} finds the prices with the highest bound.
 *
 * @param perByte loss that a byte is worth, 0 or more
 * @param perTick loss that a tick is worth, 0 or more
 */
record Multipliers(double perByte, double perTick) {

    /** What an option costs with its bytes and ticks paid for. */
    double cost(Problem problem, int item, int k) {
        return problem.loss[item][k]
                + perByte * problem.bytes[item][k]
                + perTick * problem.ticks[item][k];
    }

    /** The price of the whole budget, as far as it is limited. */
    double budget(Problem problem) {
        return (problem.limitsBytes ? perByte * problem.mostBytes : 0)
                + (problem.limitsTicks ? perTick * problem.mostTicks : 0);
    }

    Multipliers times(double byteFactor, double tickFactor) {
        return new Multipliers(perByte * byteFactor, perTick * tickFactor);
    }
}
