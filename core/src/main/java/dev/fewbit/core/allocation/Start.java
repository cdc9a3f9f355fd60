package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Finds some choice within a budget, or says that there is none. */
final class Start {

    private Start() {}

    /**
     * A choice within the budget, as places in the problem: the smallest, the fastest, or the
     * smallest that is fast enough.
     *
     * @throws UnreachableBudgetException if there is none
     */
    static int[] within(List<List<Option>> items, Budget budget, Problem problem, long mostStates) {
        long smallestBytes = leastSum(items, Option::bytes);
        long leastTicks = leastSum(items, option -> Ticks.of(option.seconds()));
        if (smallestBytes > problem.mostBytes || leastTicks > problem.mostTicks) {
            throw UnreachableBudgetException.alone(
                    budget, smallestBytes, Ticks.seconds(leastTicks));
        }
        int[] smallest = places(problem, problem.bytes, problem.ticks);
        if (allows(problem, smallest)) {
            return smallest;
        }
        int[] fastest = places(problem, problem.ticks, problem.bytes);
        if (allows(problem, fastest)) {
            return fastest;
        }
        Choice inTime =
                Allocation.best(
                        bytesAsLoss(problem),
                        Budget.none().withSeconds(Ticks.seconds(problem.mostTicks)),
                        mostStates);
        if (inTime.bytes() > problem.mostBytes) {
            throw UnreachableBudgetException.together(
                    budget, smallestBytes, Ticks.seconds(leastTicks), inTime.bytes());
        }
        return inTime.options().stream().mapToInt(k -> k).toArray();
    }

    private static long leastSum(List<List<Option>> items, ToLongFunction<Option> amount) {
        return items.stream()
                .mapToLong(options -> options.stream().mapToLong(amount).min().orElseThrow())
                .sum();
    }

    private static boolean allows(Problem problem, int[] chosen) {
        long bytes = 0;
        long ticks = 0;
        for (int item = 0; item < chosen.length; item++) {
            bytes += problem.bytes[item][chosen[item]];
            ticks += problem.ticks[item][chosen[item]];
        }
        return problem.allows(bytes, ticks);
    }

    /**
     * The options that take least of one thing, and of those the ones that take least of another.
     */
    private static int[] places(Problem problem, long[][] first, long[][] second) {
        int[] places = new int[problem.items()];
        for (int item = 0; item < places.length; item++) {
            int best = 0;
            for (int k = 1; k < first[item].length; k++) {
                int order = Long.compare(first[item][k], first[item][best]);
                if (order < 0 || (order == 0 && second[item][k] < second[item][best])) {
                    best = k;
                }
            }
            places[item] = best;
        }
        return places;
    }

    private static List<List<Option>> bytesAsLoss(Problem problem) {
        List<List<Option>> items = new ArrayList<>();
        for (int item = 0; item < problem.items(); item++) {
            List<Option> options = new ArrayList<>();
            for (int k = 0; k < problem.bytes[item].length; k++) {
                options.add(
                        new Option(
                                problem.bytes[item][k],
                                problem.bytes[item][k],
                                Ticks.seconds(problem.ticks[item][k])));
            }
            items.add(options);
        }
        return items;
    }
}
