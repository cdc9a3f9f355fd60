package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.OptimalClusters;
import dev.fewbit.core.level.Points;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

class LevelSearchTest {

    /** Chunks of random sizes. */
    private static WeightedChunks cut(float[] values, float[] importance, long seed) {
        return visitor -> {
            Random random = new Random(seed);
            for (int from = 0; from < values.length; ) {
                int count = Math.min(values.length - from, 1 + random.nextInt(9000));
                visitor.visit(values, importance, from, count);
                from += count;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 16384, 16385, 50_000})
    void howValuesAreCutMakesNoDifference(int count) {
        float[] values = Samples.gaussian(count, count);
        float[] importance = new float[count];
        for (int i = 0; i < count; i++) {
            importance[i] = i % 7;
        }
        Codebook format = new Codebook(4);
        LevelTable whole = LevelSearch.table(format, v -> v.visit(values, importance, 0, count));
        LevelTable powers = LevelTable.of(PowersOfTwo.of(4));
        float scale = LevelSearch.scale(powers, v -> v.visit(values, importance, 0, count));
        for (int seed = 0; seed < 3; seed++) {
            WeightedChunks chunks = cut(values, importance, seed);
            assertThat(LevelSearch.table(format, chunks)).isEqualTo(whole);
            assertThat(LevelSearch.scale(powers, chunks)).isEqualTo(scale);
        }
        assertThat(LevelSearch.table(format, WeightedChunks.of(values, 0, count)))
                .isNotEqualTo(whole);
    }

    /** Buckets instead of values cost less than their documented bound. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 8})
    void bucketsCostLittle(int bits) {
        for (int kind = 0; kind < 6; kind++) {
            float[] values = Samples.ofKind(kind, 20_000, bits);
            LevelTable found =
                    LevelSearch.table(
                            new Codebook(bits), WeightedChunks.of(values, 0, values.length));
            Points exact = Points.of(values, null, 0, values.length, 1);
            double least = new OptimalClusters(exact, 1 << bits).error(1 << bits);
            double[] levels = new double[found.size()];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = found.level(i);
            }
            double bucketsBetweenLevels = 8192.0 / (1 << bits);
            double bound = 3 / (bucketsBetweenLevels * bucketsBetweenLevels);
            // And the rounding of levels to floats.
            double rounding = 1e-13 * exact.energy();
            assertThat(exact.error(levels))
                    .as("kind %d", kind)
                    .isLessThanOrEqualTo(least * (1 + bound) + rounding);
        }
    }

    /** Weights that were quantized before keep their values. */
    @Test
    void fewDifferentValuesAreMetExactly() {
        Random random = new Random(3);
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-128, 128) * 0.0117f;
        }
        LevelTable found =
                LevelSearch.table(new Codebook(8), WeightedChunks.of(values, 0, values.length));
        float[] distinct = new float[256];
        for (int i = 0; i < 256; i++) {
            distinct[i] = (i - 128) * 0.0117f;
        }
        assertThat(found.levels()).isEqualTo(distinct);
    }

    /** A value with the weight of several counts like several. */
    @Test
    void importanceIsRepetition() {
        float[] values = Samples.gaussian(3000, 8);
        float[] importance = new float[values.length];
        float[] repeated = new float[4 * values.length];
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            importance[i] = i % 5;
            for (int k = 0; k < i % 5; k++) {
                repeated[at++] = values[i];
            }
        }
        int size = at;
        Codebook format = new Codebook(3);
        float[] weighted =
                LevelSearch.table(format, v -> v.visit(values, importance, 0, 3000)).levels();
        float[] expected = LevelSearch.table(format, WeightedChunks.of(repeated, 0, size)).levels();
        for (int i = 0; i < 8; i++) {
            assertThat(weighted[i]).isEqualTo(expected[i], within(1e-6f));
        }
    }

    @Test
    void importanceOfNothingCountsAsEqual() {
        float[] values = Samples.gaussian(20_000, 9);
        Codebook format = new Codebook(2);
        assertThat(LevelSearch.table(format, v -> v.visit(values, new float[20_000], 0, 20_000)))
                .isEqualTo(LevelSearch.table(format, WeightedChunks.of(values, 0, 20_000)));
    }

    @Test
    void cornersHaveTables() {
        Codebook format = new Codebook(2);
        assertThat(LevelSearch.table(format, WeightedChunks.of(new float[0], 0, 0)).levels())
                .containsOnly(0);
        float[] same = new float[20_000];
        Arrays.fill(same, -0.7f);
        assertThat(LevelSearch.table(format, WeightedChunks.of(same, 0, same.length)).levels())
                .containsOnly(-0.7f);
        float[] bad = {1, 2, Float.NaN};
        FloatChunks chunks = FloatChunks.of(bad, 0, 3);
        assertThatThrownBy(() -> LevelSearch.table(format, WeightedChunks.of(chunks)))
                .isInstanceOfSatisfying(
                        NonFiniteValueException.class, e -> assertThat(e.index()).isEqualTo(2));
    }
}
