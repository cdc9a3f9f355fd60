package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

class PlannedRoundingTest {
    private static final long[] SHAPE = {2, 5};

    private static float[] rounded(WeightFormat format, float... weights) {
        WeightPlan plan =
                new WeightPlan(
                        "w",
                        List.of(2L, 5L),
                        format,
                        Grouping.CHANNEL,
                        new RangeMethod.MinMax(),
                        List.of(new UsePlan("n", "Conv", Encoding.INTEGER)),
                        "tested");
        return PlannedRounding.nearest(weights, SHAPE, plan, new Granularity.PerChannel(0));
    }

    /** Weights that are evenly spaced levels stay what they are. */
    @Test
    void levelsAreExact() {
        float[] steps = {-8, -3, 0, 2, 6, -4, -1.5f, 0, 1, 3};
        assertThat(rounded(new Affine(4, true, true), steps)).containsExactly(steps);
        float[] odd = {-3, -1, 1, 3, 3, -6, -2, 2, 6, -6};
        assertThat(rounded(new MidRise(2), odd)).containsExactly(odd);
    }

    @Test
    void powersOfTwoArePowersOfTwoApart() {
        float[] rounded = rounded(PowersOfTwo.of(4), 7, -3, 0.2f, 5, 1, 0.1f, 9, -4, 2, 0);
        for (int channel = 0; channel < 2; channel++) {
            float largest = rounded[channel == 0 ? 0 : 6];
            for (int i = channel * 5; i < channel * 5 + 5; i++) {
                double octaves = Math.log(Math.abs(rounded[i]) / largest) / Math.log(2);
                assertThat(rounded[i] == 0 || Math.abs(octaves - Math.rint(octaves)) < 1e-6)
                        .as("%s beside %s", rounded[i], largest)
                        .isTrue();
            }
        }
    }

    @Test
    void codebooksHaveAsManyValuesAsLevels() {
        float[] weights = {-9, -8.5f, 0.5f, 1, 7, 8, 2, -3, 4, -1};
        Set<Float> first = new HashSet<>();
        float[] rounded = rounded(new Codebook(1, Entries.INT8), weights);
        for (int i = 0; i < 5; i++) {
            first.add(rounded[i]);
        }
        assertThat(first).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void theReachIsTheLargestLevel() {
        assertThat(PlannedRounding.reach(new Affine(4, true, true))).isEqualTo(7);
        assertThat(PlannedRounding.reach(new Affine(1, true, true))).isEqualTo(1);
        assertThat(PlannedRounding.reach(PowersOfTwo.of(4))).isEqualTo(128);
        assertThat(PlannedRounding.reach(new MidRise(3))).isEqualTo(7);
        assertThat(PlannedRounding.reach(new Codebook(4, Entries.INT8))).isEqualTo(127);
    }
}
