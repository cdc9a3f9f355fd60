package dev.fewbit.core.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

class ParetoFrontTest {

    @Test
    void hullIsTheBestOfItsSizeFromTheSmallestToTheLeastLoss() {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 300; trial++) {
            List<List<Option>> items =
                    trial % 2 == 0
                            ? RandomItems.withTies(random, 4, 5)
                            : RandomItems.mixed(random, 4, 5);
            List<Choice> front = ParetoFront.of(items);
            assertThat(front.getFirst().bytes()).isEqualTo(RandomItems.leastBytes(items));
            assertThat(front.getLast().loss())
                    .isEqualTo(BruteForce.best(items, Budget.none()).loss());
            for (Choice choice : front) {
                Choice best = BruteForce.best(items, Budget.none().withBytes(choice.bytes()));
                assertThat(choice.loss()).isEqualTo(best.loss());
                assertThat(choice.bytes()).isEqualTo(best.bytes());
            }
            expectFalling(front);
            expectConvex(front);
        }
    }

    @Test
    void exactPointsLieBetween() {
        SplittableRandom random = new SplittableRandom(2);
        for (int trial = 0; trial < 50; trial++) {
            List<List<Option>> items = RandomItems.mixed(random, 5, 6);
            List<Choice> front = ParetoFront.of(items, 20);
            assertThat(front).containsAll(ParetoFront.of(items));
            expectFalling(front);
            for (Choice choice : front) {
                Choice best = BruteForce.best(items, Budget.none().withBytes(choice.bytes()));
                assertThat(choice.loss()).isEqualTo(best.loss());
            }
        }
    }

    @Test
    void sameForSeconds() {
        List<List<Option>> items = RandomItems.mixed(new SplittableRandom(3), 5, 6);
        List<Choice> front = ParetoFront.ofSeconds(items);
        assertThat(front.getFirst().seconds()).isEqualTo(RandomItems.leastSeconds(items));
        for (Choice choice : front) {
            Choice best = BruteForce.best(items, Budget.none().withSeconds(choice.seconds()));
            assertThat(choice.loss()).isEqualTo(best.loss());
        }
    }

    private static void expectFalling(List<Choice> front) {
        for (int i = 1; i < front.size(); i++) {
            assertThat(front.get(i).bytes()).isGreaterThan(front.get(i - 1).bytes());
            assertThat(front.get(i).loss()).isLessThan(front.get(i - 1).loss());
        }
    }

    /** Losses and bytes are whole multiples of powers of two: the cross products are exact. */
    private static void expectConvex(List<Choice> front) {
        for (int i = 2; i < front.size(); i++) {
            Choice a = front.get(i - 2);
            Choice b = front.get(i - 1);
            Choice c = front.get(i);
            assertThat((a.loss() - b.loss()) * (c.bytes() - b.bytes()))
                    .isGreaterThanOrEqualTo((b.loss() - c.loss()) * (b.bytes() - a.bytes()));
        }
    }
}
