package dev.fewbit.core.rounding.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.Affine;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

class GroupFitTest {
    /** From one scale of the search to the next. */
    private static final double STEP = 0.95;

    /** What weights look like. */
    enum Weights {
        GAUSSIAN(Random::nextGaussian),
        LAPLACIAN(random -> (random.nextBoolean() ? 1 : -1) * -Math.log(1 - random.nextDouble())),
        POSITIVE(random -> 0.2 + random.nextDouble()),
        NEGATIVE(random -> -0.2 - random.nextDouble()),
        WITH_AN_OUTLIER(random -> random.nextInt(40) == 0 ? 30 : random.nextGaussian());

        @SuppressWarnings("ImmutableEnumChecker") // without state
        private final ToDoubleFunction<Random> draw;

        Weights(ToDoubleFunction<Random> draw) {
            this.draw = draw;
        }

        double[] draw(int count, long seed) {
            Random random = new Random(seed);
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) draw.applyAsDouble(random);
            }
            return values;
        }
    }

    private static double[] costs(int count, long seed) {
        Random random = new Random(seed);
        return random.doubles(count).map(each -> Math.exp(4 * each)).toArray();
    }

    private static double error(
            Affine format, double[] values, double[] costs, double scale, int zeroPoint) {
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            double level =
                    Math.clamp(
                            Math.rint(values[i] / scale),
                            format.qmin() - zeroPoint,
                            format.qmax() - zeroPoint);
            double rest = values[i] - level * scale;
            error += costs[i] * rest * rest;
        }
        return error;
    }

    private static double error(Affine format, double[] values, double[] costs) {
        GroupFit fit = new GroupFit(format, values, costs, values.length);
        return error(format, values, costs, fit.scale(), fit.zeroPoint());
    }

    /** The least error over scales 0.1 % apart, from one level at the largest weight downwards. */
    private static double dense(Affine format, double[] values, double[] costs, int zeroPoint) {
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        double least = Double.POSITIVE_INFINITY;
        for (double scale = largest; scale > largest / 200 / format.levels(); scale *= 0.999) {
            least = Math.min(least, error(format, values, costs, scale, zeroPoint));
        }
        return least;
    }

    /**
     * What a scale that is off by a half of the search's step can cost. Let s be the best scale, q
     * its levels, and c how far a scale is off. Rounding to nearest is no worse than the levels q,
     * and s is the regression on them, so
     *
     * <pre>
     * E((1 + c) s) <= sum h (w - (1 + c) s q)^2 = E(s) + c^2 sum h (s q)^2 <= E(s) + c^2 sum h w^2
     * </pre>
     */
    private static double slack(double[] values, double[] costs) {
        double off = 1 / Math.sqrt(STEP) - 1;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            squares += costs[i] * values[i] * values[i];
        }
        // Scales are floats besides.
        return (off * off + 1e-6) * squares;
    }

    @ParameterizedTest
    @EnumSource
    void noScaleIsBetterThanTheSearchAllows(Weights kind) {
        for (int bits = 2; bits <= 4; bits++) {
            Affine format = new Affine(bits, true, true);
            for (int count : new int[] {48, 300, 2000}) {
                double[] values = kind.draw(count, bits);
                double[] costs = costs(count, count);
                assertThat(error(format, values, costs))
                        .as("%d bits, %d weights", bits, count)
                        .isLessThanOrEqualTo(
                                dense(format, values, costs, 0) + slack(values, costs));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void norIsAZeroPointNextToTheRangesOwn(Weights kind) {
        for (int bits = 2; bits <= 4; bits++) {
            Affine format = new Affine(bits, false, false);
            for (int count : new int[] {48, 300}) {
                double[] values = kind.draw(count, bits);
                double[] costs = costs(count, count);
                double low = Math.min(0, Arrays.stream(values).min().orElseThrow());
                double high = Math.max(0, Arrays.stream(values).max().orElseThrow());
                int around = (int) Math.rint(-low * format.qmax() / (high - low));
                double least = Double.POSITIVE_INFINITY;
                for (int zero = around - 1; zero <= around + 1; zero++) {
                    if (zero >= 0 && zero <= format.qmax()) {
                        least = Math.min(least, dense(format, values, costs, zero));
                    }
                }
                assertThat(error(format, values, costs))
                        .as("%d bits, %d weights", bits, count)
                        .isLessThanOrEqualTo(least + slack(values, costs));
            }
        }
    }

    /** Over many groups; single ones may have a better zero point far off. */
    @ParameterizedTest
    @CsvSource({"2, 1.001", "3, 1.01", "4, 1.05"})
    void hardlyAnythingIsLostForTheOtherZeroPoints(int bits, double most) {
        Affine format = new Affine(bits, false, false);
        double found = 0;
        double best = 0;
        for (int group = 0; group < 40; group++) {
            double[] values = Weights.GAUSSIAN.draw(32, group);
            double[] costs = costs(32, group);
            found += error(format, values, costs);
            double least = Double.POSITIVE_INFINITY;
            for (int zero = 0; zero <= format.qmax(); zero++) {
                least = Math.min(least, dense(format, values, costs, zero));
            }
            best += least;
        }
        assertThat(found).isLessThan(most * best);
    }

    /** Where 8 bits are so dense that no bound says anything: never worse than the range itself. */
    @ParameterizedTest
    @EnumSource
    void manyBitsAreAtLeastAsGoodAsTheRange(Weights kind) {
        Affine format = new Affine(8, true, true);
        double[] values = kind.draw(500, 9);
        double[] costs = costs(500, 10);
        double low = Math.min(0, Arrays.stream(values).min().orElseThrow());
        double high = Math.max(0, Arrays.stream(values).max().orElseThrow());
        double range = Math.max(-low / 128, high / 127);
        assertThat(error(format, values, costs))
                .isLessThanOrEqualTo(error(format, values, costs, range, 0));
    }

    /** A large weight whose errors cost nothing does not spoil the levels of the others. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aWeightThatCostsNothingIsClipped(int bits) {
        Affine format = new Affine(bits, true, true);
        double[] values = Weights.GAUSSIAN.draw(64, 3);
        double[] costs = costs(64, 4);
        costs[5] = 0;
        double without = error(format, values, costs);
        values[5] = 40;
        assertThat(error(format, values, costs))
                .isLessThanOrEqualTo(without + slack(values, costs));
    }

    @ParameterizedTest
    @CsvSource({"true, true, 0", "true, false, 0", "false, false, 0", "false, true, 8"})
    void groupsOfZerosStayZero(boolean signed, boolean symmetric, int zeroPoint) {
        GroupFit fit =
                new GroupFit(new Affine(4, signed, symmetric), new double[5], costs(5, 1), 5);
        assertThat(fit.scale()).isEqualTo(1);
        assertThat(fit.zeroPoint()).isEqualTo(zeroPoint);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-44, 1e-38, 1e-30, 1e30, 3e38})
    void scalesAreNormalFloats(double size) {
        for (Affine format :
                new Affine[] {new Affine(2, true, true), new Affine(4, false, false)}) {
            double[] values = {size, -size / 3, size / 2};
            GroupFit fit = new GroupFit(format, values, new double[] {1, 1, 1}, 3);
            assertThat(fit.scale()).isBetween(Float.MIN_NORMAL, Float.MAX_VALUE);
            assertThat(fit.zeroPoint()).isBetween(format.qmin(), format.qmax());
        }
    }

    /** Nothing is known of the inputs: the levels span the range. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCostsNothingIsNotClipped(boolean symmetric) {
        Affine format = new Affine(4, symmetric, symmetric);
        double[] values = Weights.GAUSSIAN.draw(50, 1);
        GroupFit fit = new GroupFit(format, values, new double[50], 50);
        int low = format.qmin() - fit.zeroPoint();
        int high = format.qmax() - fit.zeroPoint();
        for (double value : values) {
            assertThat(value).isBetween((low - 0.5) * fit.scale(), (high + 0.5) * fit.scale());
        }
    }
}
