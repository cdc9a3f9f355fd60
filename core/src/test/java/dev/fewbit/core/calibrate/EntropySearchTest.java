package dev.fewbit.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class EntropySearchTest {

    private static final Affine FORMAT = new Affine(8, false, false);

    /** Against the slides, written down as they are. */
    @Test
    void theCutHasTheLeastDivergence() {
        for (int kind = 0; kind < Values.KINDS; kind++) {
            float[] values = Values.ofKind(kind, 30_000, 3);
            Distribution distribution = Values.distribution(values);
            Magnitudes magnitudes = Magnitudes.of(distribution);
            double[] counts = EntropySearch.counts(magnitudes, magnitudes.largest());
            assertThat(Arrays.stream(counts).sum())
                    .isCloseTo(
                            (double) (distribution.count() - distribution.zeros()),
                            within(1e-6 * values.length));
            int levels = distribution.minimum() < 0 && distribution.maximum() > 0 ? 128 : 256;
            double least = Double.POSITIVE_INFINITY;
            for (int cut = levels; cut <= counts.length; cut += EntropySearch.CUT_STEP) {
                least = Math.min(least, divergence(counts, cut, levels));
            }
            double found = EntropySearch.magnitude(distribution, FORMAT);
            int cut = (int) Math.rint(found / magnitudes.largest() * counts.length);
            assertThat(divergence(counts, cut, levels)).isCloseTo(least, within(1e-9));
        }
    }

    private static double divergence(double[] counts, int cut, int levels) {
        double[] p = Arrays.copyOf(counts, cut);
        double[] q = new double[cut];
        for (int level = 0; level < levels; level++) {
            int from = level * cut / levels;
            int to = (level + 1) * cut / levels;
            double sum = 0;
            int occupied = 0;
            for (int i = from; i < to; i++) {
                sum += p[i];
                occupied += p[i] > 0 ? 1 : 0;
            }
            for (int i = from; i < to; i++) {
                q[i] = p[i] > 0 ? sum / occupied : 0;
            }
        }
        for (int i = cut; i < counts.length; i++) {
            p[cut - 1] += counts[i];
        }
        double ofP = Arrays.stream(p).sum();
        double ofQ = Arrays.stream(q).sum();
        double divergence = 0;
        for (int i = 0; i < cut; i++) {
            if (p[i] > 0) {
                divergence +=
                        q[i] == 0
                                ? Double.POSITIVE_INFINITY
                                : p[i] / ofP * Math.log(p[i] / ofP / (q[i] / ofQ));
            }
        }
        return divergence;
    }

    @Test
    void zerosDoNotCount() {
        float[] values = Values.ofKind(3, 20_000, 2);
        float[] withZeros = Arrays.copyOf(values, 200_000);
        assertThat(EntropySearch.magnitude(Values.distribution(withZeros), FORMAT))
                .isEqualTo(EntropySearch.magnitude(Values.distribution(values), FORMAT));
    }

    @Test
    void outliersAreCut() {
        float[] values = Values.ofKind(5, 200_000, 2);
        Distribution distribution = Values.distribution(values);
        assertThat(EntropySearch.magnitude(distribution, FORMAT))
                .isLessThan(distribution.maximum() / 3.0);
    }
}
