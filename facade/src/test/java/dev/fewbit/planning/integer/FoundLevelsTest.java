package dev.fewbit.planning.integer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.planning.integer.FoundLevels.Request;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class FoundLevelsTest {
    private static final Affine CODES = new Affine(8, false, false);

    private static Request request(int seed) {
        Random random = new Random(seed);
        float[] values = new float[2_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((1 + seed) * random.nextGaussian());
        }
        TensorStatistics statistics = new TensorStatistics();
        statistics.add(values, 0, values.length);
        ActivationRange range =
                seed % 2 == 0 ? new ActivationRange.SquaredError() : new ActivationRange.MinMax();
        return new Request(statistics, statistics.distribution(), range, CODES);
    }

    @Test
    void anyNumberOfThreadsFindsTheSame() {
        List<Request> requests = new ArrayList<>();
        for (int seed = 0; seed < 70; seed++) {
            requests.add(request(seed));
        }
        for (int threads : new int[] {1, 2, 3, 100}) {
            FoundLevels levels = new FoundLevels(threads);
            levels.findAll(requests.subList(0, 5));
            levels.findAll(requests);
            for (Request request : requests) {
                AffineParameters expected =
                        ActivationRanges.find(request.values(), request.range(), CODES);
                assertThat(levels.find(request)).isEqualTo(expected);
            }
        }
    }

    @Test
    void oneValueMayHaveSeveralLevels() {
        Request one = request(4);
        Request other =
                new Request(one.statistics(), one.values(), new ActivationRange.MinMax(), CODES);
        FoundLevels levels = new FoundLevels(2);
        levels.findAll(List.of(one, other));
        assertThat(levels.find(one)).isNotEqualTo(levels.find(other));
    }

    @Test
    void refusesToWorkWithoutThreads() {
        assertThatThrownBy(() -> new FoundLevels(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be 1 or more, got 0");
    }
}
