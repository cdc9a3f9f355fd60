package dev.fewbit.search;

import dev.fewbit.core.allocation.Budget;
import dev.fewbit.core.allocation.Choice;

/**
 * A network that keeps the limits.
 *
 * @param choice the network
 * @param budget what its options may take, as the allocation counts
 */
record Fitted(Choice choice, Budget budget) {}
