package dev.fewbit.core.allocation;

/**
 * One item takes another option.
 *
 * @param item the index of the item
 * @param from the index of the option that it had
 * @param to the index of the option that it takes
 */
public record Change(int item, int from, int to) {}
