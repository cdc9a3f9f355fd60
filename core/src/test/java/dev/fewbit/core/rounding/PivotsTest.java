package dev.fewbit.core.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PivotsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40})
    void areTheInverseOfTheDiagonalOfTheInverse(int width) {
        Hessian hessian = Problems.hessian(width, 3);
        double[] inverse = inverse(hessian.damped(0.01));
        double[] pivots = hessian.pivots(0.01, Problems.ALONE);
        for (int i = 0; i < width; i++) {
            double expected = 1 / inverse[i * width + i];
            // Conditioned by a damping of 1 %: a loss of four digits of sixteen at most.
            assertThat(pivots[i]).isCloseTo(expected, within(1e-11 * expected));
        }
    }

    /** The error that is left when one weight is off by 1 and all others make up for it. */
    @Test
    void areWhatAnErrorCostsAtLeast() {
        Hessian hessian = Problems.hessian(12, 5);
        double[] pivots = hessian.pivots(0.01, Problems.ALONE);
        double[] diagonal = hessian.damped(0.01).diagonal();
        for (int i = 0; i < pivots.length; i++) {
            assertThat(pivots[i]).isPositive().isLessThanOrEqualTo(diagonal[i]);
        }
        assertThat(Hessian.ofDiagonal(new double[] {1, 2, 3}).pivots(0, Problems.ALONE))
                .containsExactly(new double[] {1, 2, 3}, within(1e-15));
    }

    /** Inputs in another unit change all costs alike, also where some were always zero. */
    @Test
    void haveTheUnitOfTheMoments() {
        double[] moments = new double[6 * 6];
        Hessian some = Problems.hessian(6, 7);
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                moments[i * 6 + j] = i == 2 || j == 2 ? 0 : some.get(i, j);
            }
        }
        double[] small = new double[moments.length];
        for (int i = 0; i < small.length; i++) {
            small[i] = moments[i] * 0x1p-40;
        }
        double[] pivots = Hessian.of(moments, 6).pivots(0.01, Problems.ALONE);
        double[] others = Hessian.of(small, 6).pivots(0.01, Problems.ALONE);
        for (int i = 0; i < 6; i++) {
            // A power of two is exact, but not its square root.
            assertThat(others[i]).isCloseTo(pivots[i] * 0x1p-40, within(pivots[i] * 0x1p-40 / 1e9));
        }
        assertThat(pivots[2]).isEqualTo(0.01 * Hessian.of(moments, 6).diagonalMean());
        for (int i = 0; i < 6; i++) {
            assertThat(pivots[i]).isGreaterThanOrEqualTo(pivots[2] * (1 - 1e-12));
        }
    }

    @Test
    void areZeroWhereThereWereNoInputsAtAll() {
        assertThat(Hessian.ofDiagonal(new double[3]).pivots(0.01, Problems.ALONE)).containsOnly(0);
    }

    @Test
    void doNotExistForWhatIsNoMoments() {
        assertThatThrownBy(
                        () ->
                                Hessian.of(new double[] {1, 20, 20, 1}, 2)
                                        .pivots(0.01, Problems.ALONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not positive semidefinite");
        assertThatThrownBy(() -> Hessian.identity(2).pivots(2, Problems.ALONE))
                .hasMessageContaining("got 2.0");
    }

    /** By Gauss and Jordan. */
    private static double[] inverse(Hessian matrix) {
        int n = matrix.width();
        double[][] rows = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                rows[i][j] = matrix.get(i, j);
            }
            rows[i][n + i] = 1;
        }
        for (int i = 0; i < n; i++) {
            double pivot = rows[i][i];
            for (int j = 0; j < 2 * n; j++) {
                rows[i][j] /= pivot;
            }
            for (int k = 0; k < n; k++) {
                double factor = rows[k][i];
                for (int j = 0; k != i && j < 2 * n; j++) {
                    rows[k][j] -= factor * rows[i][j];
                }
            }
        }
        double[] inverse = new double[n * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows[i], n, inverse, i * n, n);
        }
        return inverse;
    }
}
