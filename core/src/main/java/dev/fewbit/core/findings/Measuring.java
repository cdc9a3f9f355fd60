package dev.fewbit.core.findings;

/** How much is found out about weights while they are quantized. */
public enum Measuring {
    /** Nothing but their range. */
    NOTHING,
    /** What rounding cost; about a third more time. */
    ERRORS,
    /** What rounding cost, and the distribution of the weights. */
    DISTRIBUTIONS
}
