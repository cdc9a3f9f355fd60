package dev.fewbit.core.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

class SwapsTest {

    @Test
    void areAllNeighboursWithinTheBudgetByTheirLoss() {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 200; trial++) {
            List<List<Option>> items = RandomItems.withTies(random, 4, 4);
            Budget budget =
                    Budget.none()
                            .withBytes(RandomItems.leastBytes(items) + random.nextInt(6))
                            .withSeconds(RandomItems.mostSeconds(items) * 3 / 4);
            Choice choice = ParetoFront.of(items).getFirst();
            List<Swap> swaps = new ArrayList<>();
            Swaps.of(items, choice, budget).forEach(swaps::add);
            Set<List<Integer>> expected = new HashSet<>();
            for (Choice other : BruteForce.all(items)) {
                if (budget.allows(other) && isNeighbour(items, choice, other)) {
                    expected.add(other.options());
                }
            }
            assertThat(swaps).extracting(swap -> swap.choice().options()).doesNotHaveDuplicates();
            assertThat(swaps)
                    .extracting(swap -> swap.choice().options())
                    .containsExactlyInAnyOrderElementsOf(expected);
            double before = Double.NEGATIVE_INFINITY;
            for (Swap swap : swaps) {
                assertThat(swap.lossDifference())
                        .isEqualTo(swap.choice().loss() - choice.loss())
                        .isGreaterThanOrEqualTo(before);
                before = swap.lossDifference();
            }
        }
    }

    private static boolean isNeighbour(List<List<Option>> items, Choice from, Choice to) {
        List<Long> more = new ArrayList<>();
        for (int item = 0; item < items.size(); item++) {
            int a = from.options().get(item);
            int b = to.options().get(item);
            if (a != b) {
                more.add(items.get(item).get(b).bytes() - items.get(item).get(a).bytes());
            }
        }
        return more.size() == 1
                || (more.size() == 2
                        && Math.min(more.get(0), more.get(1)) < 0
                        && Math.max(more.get(0), more.get(1)) > 0);
    }

    @Test
    void ofTheBestChoiceNoneIsBetter() {
        SplittableRandom random = new SplittableRandom(2);
        List<List<Option>> items = RandomItems.layers(random, 40, 10);
        Budget budget = Budget.none().withBytes(RandomItems.mostBytes(items) / 2);
        Swaps swaps = Swaps.of(items, Allocation.best(items, budget), budget);
        assertThat(swaps.iterator().next().lossDifference()).isNotNegative();
        assertThat(swaps.iterator().next()).isEqualTo(swaps.iterator().next());
    }

    @Test
    void saySavingBeforeSpending() {
        List<List<Option>> items =
                List.of(
                        List.of(Option.of(0, 8), Option.of(1, 4)),
                        List.of(Option.of(5, 4), Option.of(1, 8)));
        Choice choice = Choice.of(items, List.of(0, 0));
        Swap best = Swaps.of(items, choice, Budget.none().withBytes(12)).iterator().next();
        assertThat(best.changes()).containsExactly(new Change(0, 0, 1), new Change(1, 0, 1));
        assertThat(best.lossDifference()).isEqualTo(-3);
        assertThat(best.choice().bytes()).isEqualTo(12);
    }
}
