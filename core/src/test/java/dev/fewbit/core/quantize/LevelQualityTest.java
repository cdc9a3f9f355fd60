package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.format.Granularity.PerTensor;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.PowersOfTwo.Base;
import dev.fewbit.core.level.LevelMapping;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.OptimalClusters;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.limit.IdealSource;
import dev.fewbit.core.statistics.ErrorStatistics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

/**
 * How near levels come to the limits of theory, on a million samples that represent a density
 * without noise: its quantiles at evenly spaced probabilities. Random samples would be off by up to
 * 0.03 dB themselves.
 */
class LevelQualityTest {

    private static final int COUNT = 1 << 20;

    private static float[] quantiles(IdealSource source) {
        float[] values = new float[COUNT];
        double probability = 0;
        double x = 0;
        for (int i = 0; i < COUNT / 2; i++) {
            probability = (i + 0.5) / COUNT;
            x =
                    switch (source) {
                        case LAPLACIAN -> -Math.log(1 - 2 * probability) / Math.sqrt(2);
                        case GAUSSIAN -> halfNormal(probability, x);
                    };
            values[i] = (float) x;
            values[COUNT - 1 - i] = -values[i];
        }
        return values;
    }

    /**
     * Where the normal distribution function is 1/2 + p, by Newton's method from a start nearby.
     */
    private static double halfNormal(double p, double start) {
        double x = start;
        for (int i = 0; i < 4; i++) {
            x += (p - area(x)) * Math.sqrt(2 * Math.PI) * Math.exp(x * x / 2);
        }
        return x;
    }

    /** Area under the normal density from 0 to x (Marsaglia 2004): a series of positive terms. */
    private static double area(double x) {
        double sum = x;
        double term = x;
        for (int i = 3; term > 1e-18 * sum; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private static double sqnr(float[] values, QuantizedTensor tensor) {
        return ErrorStatistics.between(values, tensor.dequantize()).sqnrDecibels();
    }

    private static LevelTensor codebook(float[] values, Codebook format) {
        return LevelQuantizer.quantize(
                values,
                new long[] {values.length},
                format,
                new PerTensor(),
                new OneTable(),
                Importance.EQUAL);
    }

    private static double powers(float[] values, PowersOfTwo format) {
        return sqnr(
                values,
                LevelQuantizer.quantize(
                        values,
                        new long[] {values.length},
                        format,
                        new PerTensor(),
                        Importance.EQUAL));
    }

    private static double affine(float[] values, Affine format, LeastSquares effort) {
        long[] shape = {values.length};
        return sqnr(
                values, AffineQuantizer.quantize(values, shape, format, new PerTensor(), effort));
    }

    @ParameterizedTest
    @EnumSource
    void codebooksReachTheirLimit(IdealSource source) {
        float[] values = quantiles(source);
        for (int bits = 1; bits <= 8; bits++) {
            // The quantiles end where a density goes on, which can only make them easier.
            assertThat(sqnr(values, codebook(values, new Codebook(bits))))
                    .as("%d bits", bits)
                    .isGreaterThan(source.codebook(bits) - 0.02)
                    .isLessThan(source.codebook(bits) + (bits < 7 ? 0.02 : 0.2));
        }
    }

    /** On samples drawn at random, a table is at least as good as the one of theory is on them. */
    @ParameterizedTest
    @EnumSource
    void codebooksOfSamplesAreNoWorseThanThoseOfTheirDensity(IdealSource source) {
        float[] theory = quantiles(source);
        float[] values =
                switch (source) {
                    case GAUSSIAN -> Samples.gaussian(1_000_000, 1);
                    case LAPLACIAN -> Samples.laplacian(1_000_000, 1);
                };
        for (int bits : new int[] {1, 2, 3, 4, 8}) {
            LevelTensor ideal = codebook(theory, new Codebook(bits));
            LevelTensor given =
                    LevelQuantizer.quantizeTo(
                            ideal.tables(),
                            values,
                            new long[] {values.length},
                            new Codebook(bits),
                            new PerTensor(),
                            new OneTable(),
                            Importance.EQUAL);
            assertThat(sqnr(values, codebook(values, new Codebook(bits))))
                    .isGreaterThan(sqnr(values, given));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GAUSSIAN, 2, TWO, 8.34",
        "GAUSSIAN, 3, TWO, 13.56",
        "GAUSSIAN, 4, TWO, 14.23",
        "GAUSSIAN, 4, ROOT_OF_TWO, 19.15",
        "GAUSSIAN, 5, ROOT_OF_TWO, 20.05",
        "GAUSSIAN, 4, ADDITIVE, 19.45",
        "GAUSSIAN, 5, ADDITIVE, 22.24",
        "GAUSSIAN, 6, ADDITIVE, 27.87",
        "LAPLACIAN, 2, TWO, 6.78",
        "LAPLACIAN, 3, TWO, 12.17",
        "LAPLACIAN, 4, TWO, 14.17",
        "LAPLACIAN, 4, ROOT_OF_TWO, 17.07",
        "LAPLACIAN, 5, ROOT_OF_TWO, 20.04",
        "LAPLACIAN, 4, ADDITIVE, 17.26",
        "LAPLACIAN, 5, ADDITIVE, 21.72",
        "LAPLACIAN, 6, ADDITIVE, 27.06"
    })
    void powersOfTwoReachTheirLimit(IdealSource source, int bits, Base base, double limit) {
        assertThat(powers(quantiles(source), new PowersOfTwo(bits, base)))
                .isBetween(limit - 0.02, limit + 0.02);
    }

    /** With a level at zero, both symmetric and with a zero point that the search has to find. */
    @ParameterizedTest
    @EnumSource
    void thoroughLeastSquaresReachTheBestUniformGridWithZero(IdealSource source) {
        float[] values = quantiles(source);
        for (int bits = 1; bits <= 8; bits++) {
            for (boolean symmetric : new boolean[] {true, false}) {
                Affine format = new Affine(bits, true, symmetric);
                assertThat(affine(values, format, LeastSquares.thorough()))
                        .as("%d bits", bits)
                        .isBetween(
                                source.uniformWithZero(bits) - 0.02,
                                source.uniformWithZero(bits) + (bits < 7 ? 0.02 : 0.2));
            }
        }
    }

    /**
     * Where both can have the same levels: 2 bits and 3 values, 8 bits and evenly spread values.
     */
    @Test
    void codebooksAreNeverWorseThanUniformGrids() {
        for (int kind = 0; kind < 8; kind++) {
            float[] values = kind == 7 ? evenlySpread(40_000) : Samples.ofKind(kind, 40_000, kind);
            for (int bits : new int[] {1, 2, 3, 4, 6, 8}) {
                double uniform =
                        affine(values, new Affine(bits, true, false), LeastSquares.thorough());
                assertThat(sqnr(values, codebook(values, new Codebook(bits))))
                        .as("kind %d, %d bits", kind, bits)
                        .isGreaterThanOrEqualTo(uniform);
            }
        }
    }

    private static float[] evenlySpread(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i - count / 2) * 1e-4f;
        }
        return values;
    }

    @Test
    void eachBitHelps() {
        for (int kind = 0; kind < 6; kind++) {
            float[] values = Samples.ofKind(kind, 30_000, 70 + kind);
            double before = Double.NEGATIVE_INFINITY;
            for (int bits = 1; bits <= 8; bits++) {
                double ratio = sqnr(values, codebook(values, new Codebook(bits)));
                assertThat(ratio).as("kind %d", kind).isGreaterThanOrEqualTo(before);
                before = ratio;
            }
        }
    }

    /** Rounded to integers, tables lose little up to 5 bits. */
    @Test
    void integerEntriesCostLittle() {
        for (IdealSource source : IdealSource.values()) {
            float[] values = Arrays.copyOf(quantiles(source), COUNT);
            for (int bits = 1; bits <= 5; bits++) {
                LevelTensor integers = codebook(values, new Codebook(bits, Entries.INT8));
                assertThat(integers.tables().of(0).integral()).isTrue();
                assertThat(sqnr(values, integers))
                        .isGreaterThan(source.codebook(bits) - 0.06)
                        .isLessThan(source.codebook(bits) + 0.02);
            }
        }
    }

    /** A learned table with a scale for every block beats even spacing, zero points included. */
    @Test
    void scaledCodebooksBeatUniformBlocks() {
        for (IdealSource source : IdealSource.values()) {
            float[] values =
                    switch (source) {
                        case GAUSSIAN -> Samples.gaussian(1 << 16, 2);
                        case LAPLACIAN -> Samples.laplacian(1 << 16, 2);
                    };
            long[] shape = {values.length / 32, 32};
            Granularity blocks = new PerBlock(1, 32);
            for (int bits = 2; bits <= 4; bits++) {
                AffineTensor uniform =
                        AffineQuantizer.quantize(
                                values,
                                shape,
                                new Affine(bits, true, false),
                                blocks,
                                new LeastSquares());
                for (Entries entries : Entries.values()) {
                    LevelTensor learned =
                            LevelQuantizer.quantize(
                                    values,
                                    shape,
                                    new Codebook(bits, entries),
                                    blocks,
                                    new OneTable(),
                                    Importance.EQUAL);
                    assertThat(sqnr(values, learned)).isGreaterThan(sqnr(values, uniform) + 0.3);
                    assertThat(learned.sizeInBits()).isLessThan(uniform.sizeInBits());
                }
            }
        }
    }

    /** The table that is best for weighted errors is: no other division has a smaller one. */
    @Test
    void importanceMovesLevelsToWhereItCounts() {
        float[] values = Samples.gaussian(4000, 5);
        float[] weights = new float[values.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = values[i] > 0 ? 9 : 1;
        }
        LevelTensor tensor =
                LevelQuantizer.quantize(
                        values,
                        new long[] {values.length},
                        new Codebook(3),
                        new PerTensor(),
                        new OneTable(),
                        Importance.of(weights, 1));
        LevelTable table = tensor.tables().of(0);
        LevelMapping mapping = new LevelMapping(table);
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            double e = (double) values[i] - mapping.dequantize(mapping.quantize(values[i]));
            error += weights[i] * e * e;
        }
        double least =
                new OptimalClusters(Points.of(values, weights, 0, values.length, 1), 8).error(8);
        assertThat(error).isBetween(least * (1 - 1e-9), least * (1 + 1e-6));
        assertThat(table.level(3)).isPositive();
    }
}
