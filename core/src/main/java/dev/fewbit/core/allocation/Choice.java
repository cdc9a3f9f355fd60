package dev.fewbit.core.allocation;

import java.util.List;

/**
 * One option of each item, and what they come to.
 *
 * @param options the index of the option of each item, in the order of the items
 * @param loss the sum of the losses, added up in the order of the items
 * @param bytes the sum of the bytes
 * @param seconds the sum of the seconds, a multiple of 2^-40 s
 * @param gap how much less the loss of another choice within the same budget could be at most; 0
 *     when it is proven that there is no better one
 */
public record Choice(List<Integer> options, double loss, long bytes, double seconds, double gap) {

    /** Copies the indices. */
    public Choice {
        options = List.copyOf(options);
        if (!(gap >= 0)) {
            throw new IllegalArgumentException("a gap is 0 or more, got " + gap);
        }
    }

    /**
     * Adds up what options come to; the gap is 0.
     *
     * @throws IllegalArgumentException if there is not one index for each item, within its options
     */
    public static Choice of(List<List<Option>> items, List<Integer> options) {
        if (items.size() != options.size()) {
            throw new IllegalArgumentException(
                    "expected one option for each of %d items, got %d"
                            .formatted(items.size(), options.size()));
        }
        double loss = 0;
        long bytes = 0;
        long ticks = 0;
        for (int item = 0; item < items.size(); item++) {
            int index = options.get(item);
            if (index < 0 || index >= items.get(item).size()) {
                throw new IllegalArgumentException(
                        "item %d has options 0 to %d, got %d"
                                .formatted(item, items.get(item).size() - 1, index));
            }
            Option option = items.get(item).get(index);
            loss += option.loss();
            bytes = Math.addExact(bytes, option.bytes());
            ticks = Math.addExact(ticks, Ticks.of(option.seconds()));
        }
        return new Choice(options, loss, bytes, Ticks.seconds(ticks), 0);
    }

    /** The same with another gap. */
    Choice withGap(double other) {
        return new Choice(options, loss, bytes, seconds, other);
    }
}
