package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.plan.Correction.ChannelGain;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class LayerFittingTest {
    private static final Recipe PER_TENSOR = Recipe.INT8.withGrouping(Grouping.TENSOR);

    @TempDir Path folder;

    private static SampledValues sampled(float[] values, int channels) {
        NumberArray array = NumberArray.ofFloats(values, 1, channels, values.length / channels);
        SampledValues sampled = new SampledValues(1, values.length);
        sampled.add(array, sampled.part(array, 0));
        return sampled;
    }

    @Test
    void gainsAreTheFactorsWithTheLeastSquaredError() {
        int places = 1000;
        Random random = new Random(7);
        float[] expected = new float[2 * places];
        float[] actual = new float[2 * places];
        for (int i = 0; i < places; i++) {
            expected[i] = (float) (5 + random.nextGaussian());
            actual[i] = 0.8f * expected[i] + 3;
            expected[places + i] = 1;
            actual[places + i] = 7;
        }
        List<Float> gains = LayerFitting.gains(sampled(expected, 2), sampled(actual, 2), 2);
        assertThat(gains.getFirst()).isCloseTo(1.25f, within(1e-5f));
        // A channel that does not vary says nothing.
        assertThat(gains.get(1)).isEqualTo(1);
    }

    @Test
    void fewPlacesGiveNoGains() {
        float[] few = {1, 2, 3, 4};
        float[] half = {2, 4, 6, 8};
        assertThat(LayerFitting.gains(sampled(few, 1), sampled(half, 1), 1)).containsExactly(1f);
    }

    /** A huge weight on a channel that is always zero must not cost all others their precision. */
    @Test
    void weightsThatMeanNothingAreClipped() throws IOException {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"), 2);
        Path small = folder.resolve("small.onnx");
        Path data = ConvolutionNet.data(folder.resolve("data.jsonl"), 0, 32);
        Plan plan =
                Fewbit.quantize(model)
                        .recipe(PER_TENSOR)
                        .data(data)
                        .threads(1)
                        .writeTo(small)
                        .plan();

        WeightPlan poisoned =
                plan.weights().stream()
                        .filter(weight -> weight.tensor().equals("w2"))
                        .findFirst()
                        .orElseThrow();
        assertThat(poisoned.range()).isInstanceOf(RangeMethod.Clipped.class);
        assertThat(plan.graph().operators())
                .extracting(OperatorPlan::arithmetic)
                .doesNotContain(Arithmetic.FLOAT);
        try (Samples samples = ComparisonSamples.open(model, Optional.of(data), 0, 1)) {
            assertThat(OutputTrials.of(model, samples, 32, 1).loss(small)).isLessThan(0.01);
        }
    }

    @Test
    void whatWasFoundIsNamedInThePlan() throws IOException {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"), 2);
        Path data = ConvolutionNet.data(folder.resolve("data.jsonl"), 0, 32);
        Plan plan = Fewbit.quantize(model).recipe(PER_TENSOR).data(data).threads(1).plan().plan();
        assertThat(plan.graph().corrections())
                .filteredOn(ChannelGain.class::isInstance)
                .isNotEmpty()
                .allSatisfy(gain -> assertThat(gain.reason()).contains("rounded layers before"));
    }
}
