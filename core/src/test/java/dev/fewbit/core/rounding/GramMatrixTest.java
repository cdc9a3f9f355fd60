package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

class GramMatrixTest {

    /** Sums of at most 256 floats, each rounded to 2^-24 of sums that never exceed their terms'. */
    private static final double ROUNDING = 257 * 0x1p-24;

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 50})
    void itIsTheMeanOfTheOuterProducts(int width) {
        int count = 700;
        float[] inputs = Problems.inputs(count, width, 3);
        GramMatrix gram = new GramMatrix(width);
        gram.add(inputs, 0, count, ALONE);
        check(gram, inputs, ones(count), width);
        assertThat(gram.count()).isEqualTo(count);
        assertThat(gram.totalWeight()).isEqualTo(count);
    }

    @Test
    void weightsMultiplyWhatSamplesCount() {
        int width = 20;
        int count = 300;
        float[] inputs = Problems.inputs(count, width, 4);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            // The first block begins without weights and ends with some, the second has none.
            weights[i] = i > 200 && i < 250 ? i % 4 * 0.5f : 1;
        }
        GramMatrix gram = new GramMatrix(width);
        gram.addWeighted(inputs, 0, count, weights, 0, ALONE);
        check(gram, inputs, weights, width);
    }

    private static void check(GramMatrix gram, float[] inputs, float[] weights, int width) {
        Hessian hessian = gram.hessian();
        Hessian centered = gram.centeredHessian();
        double[] mean = gram.mean();
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                double sum = 0;
                double terms = 0;
                double total = 0;
                double left = 0;
                double right = 0;
                for (int s = 0; s < weights.length; s++) {
                    double product =
                            (double) weights[s] * inputs[s * width + i] * inputs[s * width + j];
                    sum += product;
                    terms += Math.abs(product);
                    total += weights[s];
                    left += (double) weights[s] * inputs[s * width + i];
                    right += (double) weights[s] * inputs[s * width + j];
                }
                double tolerance = ROUNDING * terms / total;
                assertThat(hessian.get(i, j)).isCloseTo(sum / total, within(tolerance));
                assertThat(mean[i]).isCloseTo(left / total, within(1e-6));
                assertThat(centered.get(i, j))
                        .isCloseTo(
                                sum / total - left * right / (total * total),
                                within(tolerance + 1e-5));
            }
        }
    }

    @Test
    void onlyTheSequenceOfRowsCounts() {
        int width = 150;
        int count = 1000;
        float[] inputs = Problems.inputs(count, width, 5);
        GramMatrix whole = new GramMatrix(width);
        whole.add(inputs, 0, count, ALONE);
        GramMatrix pieces = new GramMatrix(width);
        for (int from = 0; from < count; from += 77) {
            pieces.add(inputs, from * width, Math.min(77, count - from), Workers.of(3));
        }
        assertThat(pieces.hessian().values()).isEqualTo(whole.hessian().values());
        assertThat(pieces.mean()).isEqualTo(whole.mean());
    }

    @Test
    void partsMerge() {
        int width = 10;
        int count = 600;
        float[] inputs = Problems.inputs(count, width, 6);
        GramMatrix whole = new GramMatrix(width);
        whole.add(inputs, 0, count, ALONE);
        GramMatrix first = new GramMatrix(width);
        first.add(inputs, 0, 256, ALONE);
        GramMatrix second = new GramMatrix(width);
        second.add(inputs, 256 * width, count - 256, ALONE);
        first.merge(second);
        // Cut where a block ends, and two blocks: the same sums, added in another order.
        assertThat(first.hessian().values())
                .usingComparatorWithPrecision(1e-14)
                .containsExactly(whole.hessian().values());
        assertThat(first.count()).isEqualTo(count);
    }

    @Test
    void inputsWithoutVarianceHaveNoCovariance() {
        float[] inputs = Problems.inputs(400, 6, 7);
        for (int s = 0; s < 400; s++) {
            inputs[s * 6 + 2] = 1e3f / 3;
        }
        GramMatrix gram = new GramMatrix(6);
        gram.add(inputs, 0, 400, ALONE);
        Hessian centered = gram.centeredHessian();
        for (int i = 0; i < 6; i++) {
            assertThat(centered.get(2, i)).isZero();
            assertThat(centered.get(i, 2)).isZero();
        }
        assertThat(centered.get(1, 1)).isPositive();
    }

    @Test
    void whatCannotBeAMomentIsRefused() {
        GramMatrix gram = new GramMatrix(2);
        assertThatThrownBy(gram::hessian)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at least one row");
        gram.add(new float[] {1, Float.NaN}, 0, 1, ALONE);
        assertThatThrownBy(gram::hessian).hasMessageContaining("input 1");
        assertThatThrownBy(() -> gram.addWeighted(new float[2], 0, 1, new float[] {-1}, 0, ALONE))
                .hasMessageContaining("not negative");
        assertThatThrownBy(() -> new GramMatrix(0)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> gram.merge(new GramMatrix(3))).hasMessageContaining("got 3");
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
