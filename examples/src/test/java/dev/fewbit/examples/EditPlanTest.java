package dev.fewbit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.Fewbit;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.planning.PlanYaml;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class EditPlanTest {

    @TempDir Path folder;
    private Path model;
    private Path yaml;
    private Path small;

    @BeforeEach
    void writeModel() throws IOException {
        model = Perceptron.write(folder.resolve("model.onnx"));
        yaml = folder.resolve("plan.yaml");
        small = folder.resolve("small.onnx");
    }

    @Test
    void keepsOneWeightFloatAndGivesTheOthersLargerBlocks() throws IOException {
        QuantizationResult result = EditPlan.run(model, Perceptron.LAST, 64, yaml, small);

        assertThat(result.weights())
                .extracting("tensor")
                .containsExactly(Perceptron.FIRST, Perceptron.MIDDLE);
        assertThat(result.plan().weights())
                .extracting(WeightPlan::grouping)
                .containsOnly(Grouping.block(64));
        assertThat(result.skipped())
                .anySatisfy(
                        skipped -> {
                            assertThat(skipped.tensor()).isEqualTo(Perceptron.LAST);
                            assertThat(skipped.reason()).isEqualTo("kept float by hand");
                        });
        assertThat(weight(small, Perceptron.LAST).floats())
                .containsExactly(weight(model, Perceptron.LAST).floats());

        // 4 bits a weight, and a float scale and half a byte of zero point for every 64 of them.
        double bits = 4 + (32 + 4) / 64.0;
        assertThat(result.weights())
                .allSatisfy(
                        weight ->
                                assertThat(weight.bitsPerWeight())
                                        .isBetween(bits - 1e-9, bits + 0.1));
    }

    @Test
    void theResultRuns() throws IOException {
        QuantizationResult result = EditPlan.run(model, Perceptron.LAST, 64, yaml, small);

        var comparison = Fewbit.compare(model, small).explainedBy(result).run().comparison();

        // Weights uniform in [-1, 1) on 16 levels: relative noise (2/15)^2 / 12 * 3 a product, two
        // products; the 8-bit activations add a tenth of that at most. Expected cosine 1 - noise /
        // 2.
        double noise = 2 * Math.pow(2.0 / 15, 2) / 12 * 3 * 1.1;
        assertThat(comparison).isNotNull();
        assertThat(comparison.outputs().getFirst().cosineMean()).isGreaterThan(1 - noise);
    }

    @Test
    void theStoredPlanIsTheOneCarriedOut() throws IOException {
        QuantizationResult result = EditPlan.run(model, Perceptron.MIDDLE, 128, yaml, small);

        assertThat(PlanYaml.read(yaml)).isEqualTo(result.plan());
    }

    @Test
    void namesTheWeightsThereAreWhenOneIsUnknown() {
        Plan plan = Fewbit.plan(model, Recipe.INT4_WEIGHTS);

        assertThatThrownBy(() -> EditPlan.withoutWeight(plan, "lst"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'lst'")
                .hasMessageContaining(Perceptron.LAST);
    }

    private static Tensor weight(Path file, String name) throws IOException {
        return OnnxReader.read(file).graph().initializers().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
