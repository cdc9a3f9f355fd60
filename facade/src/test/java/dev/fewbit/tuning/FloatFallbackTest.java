package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Fewbit;
import dev.fewbit.Quantization;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The layers that cannot be saved are found, and no others are left in float. */
class FloatFallbackTest {
    private static final Recipe PER_TENSOR =
            Recipe.INT8
                    .withGrouping(Grouping.TENSOR)
                    .withStatics(Recipe.INT8.statics().withCorrections(false));

    private static final double LIMIT = 0.01;

    @TempDir Path folder;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        data = ConvolutionNet.data(folder.resolve("data.jsonl"), 0, 32);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void leavesThePoisonedLayerInFloatAndNoOther(int poisoned) throws IOException {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"), poisoned);
        Path small = folder.resolve("small.onnx");
        QuantizationResult result = quantization(model).maximumLoss(LIMIT).writeTo(small);
        onlyInFloat(result.plan(), "w" + poisoned, "conv" + poisoned);
        assertThat(result.notes().getFirst()).endsWith("1 layer left in float");
        assertThat(result.notes())
                .anySatisfy(
                        note -> assertThat(note).contains("conv" + poisoned, "0.01 is allowed"));
        assertThat(loss(model, small)).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void savesANetworkFromBeingUselessUnasked() {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"), 2);
        TunedPlan tuned = quantization(model).plan();
        onlyInFloat(tuned.plan(), "w2", "conv2");
        assertThat(tuned.warnings()).isEmpty();
    }

    @Test
    void leavesNothingInFloatWhereNothingIsLost() {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"));
        TunedPlan tuned = quantization(model).maximumLoss(LIMIT).plan();
        assertThat(tuned.plan().weights()).hasSize(ConvolutionNet.LAYERS + 1);
        assertThat(tuned.plan().graph().operators())
                .extracting(OperatorPlan::arithmetic)
                .doesNotContain(Arithmetic.FLOAT);
    }

    @Test
    void leavesAllInFloatWhereNothingMayBeLost() {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"));
        TunedPlan tuned = quantization(model).maximumLoss(0).plan();
        assertThat(tuned.plan().weights()).isEmpty();
        assertThat(tuned.plan().skipped())
                .extracting(SkippedWeight::tensor)
                .contains("w0", "w1", "w2", "w3", "w4", "w");
    }

    private Quantization quantization(Path model) {
        return Fewbit.quantize(model).recipe(PER_TENSOR).data(data).threads(1);
    }

    private static void onlyInFloat(Plan plan, String tensor, String node) {
        assertThat(plan.weights()).hasSize(ConvolutionNet.LAYERS);
        assertThat(plan.weights()).extracting(WeightPlan::tensor).doesNotContain(tensor);
        List<OperatorPlan> floats =
                plan.graph().operators().stream()
                        .filter(operator -> operator.arithmetic() == Arithmetic.FLOAT)
                        .filter(operator -> !operator.operator().equals("Relu"))
                        .toList();
        assertThat(floats).extracting(OperatorPlan::node).containsExactly(node);
        assertThat(floats.getFirst().reason()).contains("left in float to keep the loss down");
        assertThat(plan.skipped())
                .filteredOn(skipped -> skipped.tensor().equals(tensor))
                .singleElement()
                .satisfies(
                        skipped ->
                                assertThat(skipped.reason())
                                        .contains("left in float to keep the loss down"));
    }

    private double loss(Path model, Path small) throws IOException {
        try (Samples samples = ComparisonSamples.open(model, Optional.of(data), 0, 1)) {
            return OutputTrials.of(model, samples, 32, 1).loss(small);
        }
    }
}
