package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriangularTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 200})
    void factorAndInverseMultiplyBack(int n) {
        double[] matrix = Problems.hessian(n, n).damped(0.01).values();
        double[] lower = matrix.clone();
        assertThat(Triangular.cholesky(lower, n, Workers.of(2))).isTrue();
        double[] inverse = Triangular.invert(lower, n, Workers.of(3));
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, matrix[i * n + i]);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double product = 0;
                double unit = 0;
                for (int k = 0; k < n; k++) {
                    product += lower[i * n + k] * lower[j * n + k];
                    unit += lower[i * n + k] * inverse[k * n + j];
                }
                assertThat(product).isCloseTo(matrix[i * n + j], within(n * 0x1p-52 * largest));
                assertThat(unit).isCloseTo(i == j ? 1 : 0, within(1e-11));
                if (j > i) {
                    assertThat(lower[i * n + j]).isZero();
                    assertThat(inverse[i * n + j]).isZero();
                }
            }
        }
        double[] again = matrix.clone();
        assertThat(Triangular.cholesky(again, n, ALONE)).isTrue();
        assertThat(again).isEqualTo(lower);
        assertThat(Triangular.invert(again, n, ALONE)).isEqualTo(inverse);
    }

    @Test
    void whatIsNotPositiveDefiniteHasNoFactor() {
        assertThat(Triangular.cholesky(new double[] {1, 2, 2, 1}, 2, ALONE)).isFalse();
        assertThat(Triangular.cholesky(new double[] {0}, 1, ALONE)).isFalse();
        assertThat(Triangular.cholesky(new double[] {Double.NaN}, 1, ALONE)).isFalse();
    }
}
