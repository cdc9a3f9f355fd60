package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The options that are worth a look, in plain arrays: {@code loss[item][k]} and so on, ordered by
 * loss, then bytes, then time, then index. An option is left out if one before it takes no more of
 * what is limited; a limit counts only if some choice exceeds it.
 */
final class Problem {

    final double[][] loss;
    final long[][] bytes;
    final long[][] ticks;
    final int[][] index;
    final long mostBytes;
    final long mostTicks;
    final boolean limitsBytes;
    final boolean limitsTicks;

    private Problem(List<List<Option>> items, Budget budget) {
        int count = items.size();
        loss = new double[count][];
        bytes = new long[count][];
        ticks = new long[count][];
        index = new int[count][];
        mostBytes = budget.bytes();
        mostTicks = Ticks.within(budget.seconds());
        long allBytes = 0;
        long allTicks = 0;
        for (List<Option> options : items) {
            allBytes = Math.addExact(allBytes, greatestBytes(options));
            allTicks = Math.addExact(allTicks, greatestTicks(options));
        }
        limitsBytes = allBytes > mostBytes;
        limitsTicks = allTicks > mostTicks;
        for (int item = 0; item < count; item++) {
            keep(item, items.get(item));
        }
    }

    /**
     * Leaves out what cannot be in a best choice.
     *
     * @throws IllegalArgumentException if an item has no option, or tens of thousands
     * @throws ArithmeticException if bytes or times do not fit a long together
     */
    static Problem of(List<List<Option>> items, Budget budget) {
        for (int item = 0; item < items.size(); item++) {
            int count = items.get(item).size();
            if (count < 1 || count > Short.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "every item has 1 to %d options, item %d has %d"
                                .formatted(Short.MAX_VALUE, item, count));
            }
        }
        return new Problem(items, budget);
    }

    private void keep(int item, List<Option> options) {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < options.size(); k++) {
            order.add(k);
        }
        order.sort(
                Comparator.comparingDouble((Integer k) -> options.get(k).loss())
                        .thenComparingLong(k -> options.get(k).bytes())
                        .thenComparingLong(k -> Ticks.of(options.get(k).seconds()))
                        .thenComparingInt(k -> k));
        Staircase better = new Staircase(limitsBytes, limitsTicks);
        int[] kept =
                order.stream()
                        .mapToInt(k -> k)
                        .filter(
                                k ->
                                        better.admits(
                                                options.get(k).bytes(),
                                                Ticks.of(options.get(k).seconds())))
                        .toArray();
        index[item] = kept;
        loss[item] = new double[kept.length];
        bytes[item] = new long[kept.length];
        ticks[item] = new long[kept.length];
        for (int k = 0; k < kept.length; k++) {
            Option option = options.get(kept[k]);
            loss[item][k] = option.loss();
            bytes[item][k] = option.bytes();
            ticks[item][k] = Ticks.of(option.seconds());
        }
    }

    private static long greatestBytes(List<Option> options) {
        return options.stream().mapToLong(Option::bytes).max().orElseThrow();
    }

    private static long greatestTicks(List<Option> options) {
        return options.stream().mapToLong(option -> Ticks.of(option.seconds())).max().orElseThrow();
    }

    int items() {
        return index.length;
    }

    boolean allows(long totalBytes, long totalTicks) {
        return (!limitsBytes || totalBytes <= mostBytes)
                && (!limitsTicks || totalTicks <= mostTicks);
    }

    /** Indices into the options as they were given. */
    List<Integer> original(int[] kept) {
        List<Integer> options = new ArrayList<>(kept.length);
        for (int item = 0; item < kept.length; item++) {
            options.add(index[item][kept[item]]);
        }
        return options;
    }
}
