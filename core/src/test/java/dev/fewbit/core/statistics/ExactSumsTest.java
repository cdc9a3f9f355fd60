package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.Random;

class ExactSumsTest {

    @Test
    void sumsAreExactWhateverTheirTermsAre() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            ExactSums sums = new ExactSums(2);
            ExactSums other = new ExactSums(2);
            BigDecimal[] expected = {BigDecimal.ZERO, BigDecimal.ZERO};
            for (int i = 0; i < 50; i++) {
                double[] terms = {term(random, 270), term(random, 20)};
                (random.nextInt(3) == 0 ? other : sums).addAll(terms);
                for (int s = 0; s < 2; s++) {
                    expected[s] = expected[s].add(new BigDecimal(terms[s]));
                }
            }
            sums.merge(other);
            for (int s = 0; s < 2; s++) {
                assertThat(sums.value(s)).isEqualTo(expected[s].doubleValue());
                ExactSums copy = new ExactSums(1);
                copy.set(0, sums.exact(s));
                assertThat(copy.value(0)).isEqualTo(sums.value(s));
                assertThat(sums.exact(s).toByteArray().length)
                        .isLessThanOrEqualTo(ExactSums.MOST_BYTES);
            }
            assertThat(sums.values()).containsExactly(sums.value(0), sums.value(1));
        }
    }

    /** A sum of floats: a multiple of 2^-149 below 2^159. */
    private static double term(Random random, int exponents) {
        int exponent = random.nextInt(exponents) - Math.min(149 - 53, exponents / 2);
        double term = (random.nextDouble() - 0.5) * 2;
        return Math.scalb(Math.rint(Math.scalb(term, 53)), exponent - 53);
    }

    @Test
    void cancellationLeavesWhatIsSmall() {
        ExactSums sums = new ExactSums(1);
        sums.addAll(new double[] {0x1p150});
        sums.addAll(new double[] {Float.MIN_VALUE});
        sums.addAll(new double[] {-0x1p150});
        assertThat(sums.value(0)).isEqualTo((double) Float.MIN_VALUE);
    }
}
