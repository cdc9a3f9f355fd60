package dev.fewbit.search;

import dev.fewbit.core.plan.WeightPlan;

import java.util.List;

/**
 * What one weight may become.
 *
 * @param start what it is at the start
 * @param elements number of weights
 * @param options its options, that of the start among them, in the order in which they were thought
 *     of
 */
record Menu(WeightPlan start, long elements, List<FormatOption> options) {

    /** Copies the list. */
    Menu {
        options = List.copyOf(options);
    }

    /** Name of the weight. */
    String tensor() {
        return start.tensor();
    }

    /** The same weight with some of the options only. */
    Menu with(List<FormatOption> some) {
        return new Menu(start, elements, some);
    }
}
