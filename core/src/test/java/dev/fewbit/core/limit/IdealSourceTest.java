package dev.fewbit.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.level.Points;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.function.DoubleUnaryOperator;

/** Recomputes the figures from the densities. */
class IdealSourceTest {

    /** Beyond this both densities are below 1e-12. */
    private static final double END = 20;

    private static final int INTERVALS = 20_000;

    /** The density as evenly filled intervals, narrow near zero: 1/20000 there, 1/250 at 6. */
    private static Points density(IdealSource source) {
        double[] lower = new double[INTERVALS];
        double[] upper = new double[INTERVALS];
        double[] weights = new double[INTERVALS];
        for (int i = 0; i < INTERVALS; i++) {
            lower[i] = edge(i);
            upper[i] = edge(i + 1);
            // Simpson's rule.
            double middle = density(source, (lower[i] + upper[i]) / 2);
            double ends = density(source, lower[i]) + density(source, upper[i]);
            weights[i] = (upper[i] - lower[i]) * (4 * middle + ends) / 6;
        }
        return Points.ofIntervals(lower, upper, weights, INTERVALS);
    }

    private static double edge(int i) {
        double t = 2.0 * i / INTERVALS - 1;
        return END * (0.1 * t + 0.9 * t * t * t);
    }

    private static double density(IdealSource source, double x) {
        return switch (source) {
            case GAUSSIAN -> Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case LAPLACIAN -> Math.exp(-Math.abs(x) * Math.sqrt(2)) / Math.sqrt(2);
        };
    }

    private static double decibels(double distortion) {
        return -10 * Math.log10(distortion);
    }

    /** Least value of a function with one minimum, by golden section. */
    private static double least(DoubleUnaryOperator function, double from, double to) {
        double golden = (Math.sqrt(5) - 1) / 2;
        double low = from;
        double high = to;
        while (high / low > 1.0001) {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (function.applyAsDouble(left) < function.applyAsDouble(right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return function.applyAsDouble((low + high) / 2);
    }

    private static double evenlySpaced(Points points, int levels, double first, double step) {
        double[] values = new double[levels];
        for (int i = 0; i < levels; i++) {
            values[i] = (first + i) * step;
        }
        return points.error(values);
    }

    @ParameterizedTest
    @EnumSource
    void evenlySpacedLevels(IdealSource source) {
        Points points = density(source);
        assertThat(points.energy()).isCloseTo(1, within(1e-5));
        for (int bits = 1; bits <= IdealSource.MOST_BITS; bits++) {
            int levels = 1 << bits;
            double middle = -(levels - 1) / 2.0;
            double uniform =
                    least(
                            s -> evenlySpaced(points, levels, middle, s),
                            1.0 / levels,
                            20.0 / levels);
            assertThat(source.uniform(bits)).isCloseTo(decibels(uniform), within(0.002));
            double zero = -levels / 2.0;
            double withZero =
                    least(s -> evenlySpaced(points, levels, zero, s), 1.0 / levels, 20.0 / levels);
            assertThat(source.uniformWithZero(bits)).isCloseTo(decibels(withZero), within(0.002));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tablesOfLevels(IdealSource source) {
        CodebookLimit limit = CodebookLimit.of(density(source));
        for (int bits = 1; bits <= IdealSource.MOST_BITS; bits++) {
            assertThat(limit.withLevels(1 << bits)).isCloseTo(source.codebook(bits), within(0.005));
        }
    }

    @ParameterizedTest
    @EnumSource
    void entropyCodedLevels(IdealSource source) {
        Points points = density(source);
        for (int bits = 1; bits <= IdealSource.MOST_BITS; bits++) {
            double low = 0.001;
            double high = 10;
            while (high / low > 1.00001) {
                double middle = Math.sqrt(low * high);
                if (entropyAndError(points, middle)[0] > bits) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            double error = entropyAndError(points, Math.sqrt(low * high))[1];
            assertThat(source.entropyCoded(bits)).isCloseTo(decibels(error), within(0.02));
        }
    }

    private static double[] entropyAndError(Points points, double step) {
        int bins = (int) (END / step) + 1;
        double entropy = 0;
        double error = 0;
        int from = 0;
        for (int bin = -bins; bin <= bins; bin++) {
            int to = points.firstAbove((bin + 0.5) * step, from);
            double weight = points.weight(from, to);
            if (weight > 0) {
                entropy -= weight * Math.log(weight) / Math.log(2);
                error += points.spread(from, to);
            }
            from = to;
        }
        return new double[] {entropy, error};
    }

    @ParameterizedTest
    @EnumSource
    void theColumnsAreInOrder(IdealSource source) {
        for (int bits = 1; bits <= IdealSource.MOST_BITS; bits++) {
            assertThat(source.bound(bits)).isGreaterThan(source.entropyCoded(bits));
            assertThat(source.entropyCoded(bits)).isGreaterThan(source.codebook(bits));
            assertThat(source.codebook(bits)).isGreaterThanOrEqualTo(source.uniform(bits));
            assertThat(source.codebook(bits)).isGreaterThan(source.uniformWithZero(bits));
        }
        assertThat(IdealSource.LAPLACIAN.bound(1)).isCloseTo(6.65, within(0.005));
        assertThat(IdealSource.GAUSSIAN.bound(8)).isCloseTo(48.16, within(0.005));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void otherWidthsHaveNoFigures(int bits) {
        assertThatThrownBy(() -> IdealSource.GAUSSIAN.codebook(bits))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
