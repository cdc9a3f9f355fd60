package dev.fewbit.core.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

class AllocationTest {

    @Test
    void findsTheBestOfAllChoicesWithAnyLimits() {
        SplittableRandom random = new SplittableRandom(1);
        int unreachable = 0;
        for (int trial = 0; trial < 3000; trial++) {
            int count = random.nextInt(1, 6);
            List<List<Option>> items =
                    trial % 2 == 0
                            ? RandomItems.withTies(random, count, 5)
                            : RandomItems.mixed(random, count, 5);
            Budget budget = Budget.none();
            if (trial % 4 != 0) {
                budget = budget.withBytes(random.nextLong(RandomItems.mostBytes(items) + 1));
            }
            if (trial % 3 != 0) {
                long ticks = Ticks.of(RandomItems.mostSeconds(items));
                budget = budget.withSeconds(Ticks.seconds(random.nextLong(ticks + 1)));
            }
            Choice expected = BruteForce.best(items, budget);
            if (expected == null) {
                unreachable++;
                Budget narrow = budget;
                UnreachableBudgetException failure =
                        catchThrowableOfType(
                                UnreachableBudgetException.class,
                                () -> Allocation.best(items, narrow));
                expectWhatCanBeReached(items, budget, failure);
            } else {
                assertThat(Allocation.best(items, budget))
                        .as("trial %d: %s within %s", trial, items, budget)
                        .isEqualTo(expected);
            }
        }
        assertThat(unreachable).isBetween(300, 2000);
    }

    private static void expectWhatCanBeReached(
            List<List<Option>> items, Budget budget, UnreachableBudgetException failure) {
        assertThat(failure.smallestBytes()).isEqualTo(RandomItems.leastBytes(items));
        assertThat(failure.leastSeconds()).isEqualTo(RandomItems.leastSeconds(items));
        long inTime =
                BruteForce.all(items).stream()
                        .filter(Budget.none().withSeconds(budget.seconds())::allows)
                        .mapToLong(Choice::bytes)
                        .min()
                        .orElse(-1);
        boolean eachAlone =
                failure.smallestBytes() <= budget.bytes()
                        && failure.leastSeconds() <= budget.seconds();
        if (eachAlone) {
            assertThat(failure.smallestBytesInTime()).hasValue(inTime);
            assertThat(failure).hasMessageContaining(inTime + " bytes");
        } else {
            assertThat(failure.smallestBytesInTime()).isEmpty();
        }
    }

    @Test
    void agreesWithAnIntegerProgrammingSolver() {
        SplittableRandom random = new SplittableRandom(2);
        for (int trial = 0; trial < 24; trial++) {
            List<List<Option>> items =
                    trial % 2 == 0
                            ? RandomItems.mixed(random, 12, 8)
                            : RandomItems.layers(random, 12, 8);
            long least = RandomItems.leastBytes(items);
            long most = RandomItems.mostBytes(items);
            Budget budget =
                    Budget.none()
                            .withBytes(
                                    least + (long) (random.nextDouble(0.1, 0.6) * (most - least)));
            if (trial % 3 != 0) {
                Choice fast = Allocation.best(IntegerProgram.withSecondsAsLoss(items), budget);
                double slow = Allocation.best(items, budget).seconds();
                budget = budget.withSeconds((fast.seconds() + Math.max(slow, fast.seconds())) / 2);
            }
            Choice found = Allocation.best(items, budget);
            double expected = IntegerProgram.leastLoss(items, budget);
            assertThat(budget.allows(found)).isTrue();
            assertThat(found.gap()).isZero();
            assertThat(found.loss())
                    .as("trial %d", trial)
                    .isCloseTo(expected, within(1e-7 * Math.abs(expected)));
        }
    }

    @Test
    void lossNeverRisesWithTheBudget() {
        List<List<Option>> items = RandomItems.layers(new SplittableRandom(3), 60, 12);
        long least = RandomItems.leastBytes(items);
        long most = RandomItems.mostBytes(items);
        double before = Double.POSITIVE_INFINITY;
        for (int step = 0; step <= 40; step++) {
            Choice choice =
                    Allocation.best(
                            items, Budget.none().withBytes(least + (most - least) * step / 40));
            assertThat(choice.gap()).isZero();
            assertThat(choice.loss()).isLessThanOrEqualTo(before);
            before = choice.loss();
        }
    }

    @Test
    void theOrderOfItemsDoesNotMatter() {
        SplittableRandom random = new SplittableRandom(4);
        for (int trial = 0; trial < 20; trial++) {
            List<List<Option>> items = RandomItems.mixed(random, 40, 8);
            Budget budget =
                    Budget.none()
                            .withBytes(RandomItems.mostBytes(items) / 2)
                            .withSeconds(RandomItems.mostSeconds(items) * 2 / 3);
            List<List<Option>> shuffled = new ArrayList<>(items);
            Collections.shuffle(shuffled, new Random(trial));
            Choice choice = Allocation.best(items, budget);
            assertThat(Allocation.best(shuffled, budget).loss()).isEqualTo(choice.loss());
            assertThat(Allocation.best(items, budget)).isEqualTo(choice);
        }
    }

    @Test
    void whatWasReachedCanBeAskedFor() {
        List<List<Option>> items = RandomItems.layers(new SplittableRandom(5), 30, 10);
        Choice fast = Allocation.best(IntegerProgram.withSecondsAsLoss(items), Budget.none());
        Budget budget = Budget.none().withBytes(fast.bytes()).withSeconds(fast.seconds());
        Choice again = Allocation.best(items, budget);
        assertThat(again.seconds()).isEqualTo(fast.seconds());
        assertThat(again.bytes()).isLessThanOrEqualTo(fast.bytes());
    }

    @Test
    void hundredsOfItemsNeedFewPartialChoices() {
        for (int seed = 0; seed < 3; seed++) {
            List<List<Option>> items = RandomItems.layers(new SplittableRandom(seed), 300, 40);
            long bytes = (RandomItems.leastBytes(items) * 4 + RandomItems.mostBytes(items)) / 5;
            Allocation.Solution one =
                    Allocation.solve(items, Budget.none().withBytes(bytes), Allocation.MOST_STATES);
            assertThat(one.choice().gap()).isZero();
            assertThat(one.states()).isLessThan(Allocation.MOST_STATES / 4);
        }
    }

    /** Losses proportional to bytes: every option is as good as any other at the right price. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1000, 100_000})
    void stopsAtABoundOfPartialChoicesAndSaysSo(long mostStates) {
        SplittableRandom random = new SplittableRandom(7);
        List<List<Option>> items = new ArrayList<>();
        for (int item = 0; item < 60; item++) {
            List<Option> options = new ArrayList<>();
            for (int k = 0; k < 10; k++) {
                // Even bytes and seconds, odd budgets: the bounds cannot be met exactly.
                long bytes = 2 * random.nextLong(1_000_000_000);
                long ticks = 2 * random.nextLong(1_000_000_000);
                options.add(new Option(-(bytes + ticks) * 0x1p-40, bytes, Ticks.seconds(ticks)));
            }
            items.add(options);
        }
        Budget budget =
                Budget.none()
                        .withBytes(RandomItems.mostBytes(items) / 4 * 2 + 1)
                        .withSeconds(
                                Ticks.seconds(
                                        Ticks.of(RandomItems.mostSeconds(items)) / 4 * 2 + 1));
        Allocation.Solution solution = Allocation.solve(items, budget, mostStates);
        assertThat(budget.allows(solution.choice())).isTrue();
        assertThat(solution.choice().gap()).isPositive();
        // One label of each stage is followed whatever the bound.
        assertThat(solution.states()).isLessThanOrEqualTo(mostStates + 600);
        double relaxed = -(budget.bytes() + Ticks.of(budget.seconds())) * 0x1p-40;
        assertThat(solution.choice().loss() - solution.choice().gap())
                .isGreaterThanOrEqualTo(relaxed * (1 + 1e-9));
        assertThat(Allocation.solve(items, budget, mostStates)).isEqualTo(solution);
    }

    @Test
    void takesNothingFromNothing() {
        assertThat(Allocation.best(List.of(), Budget.none().withBytes(0)))
                .isEqualTo(new Choice(List.of(), 0, 0, 0, 0));
    }

    @Test
    void refusesAnItemWithoutOptions() {
        assertThatThrownBy(
                        () ->
                                Allocation.best(
                                        List.of(List.of(Option.of(1, 1)), List.of()),
                                        Budget.none()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("item 1");
    }
}
