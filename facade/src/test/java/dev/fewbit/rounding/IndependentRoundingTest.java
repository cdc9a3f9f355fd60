package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Progress;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.tuning.PreparedModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

class IndependentRoundingTest {
    @TempDir Path folder;

    /** Errors of the wanted layers, to the last digit. */
    private Map<String, Double> errors(Path model, Predicate<String> wanted)
            throws IOException, InterruptedException {
        Plan plan = Sites.plan(OnnxReader.read(model), Sites.INT4, Grouping.CHANNEL);
        Plan surroundings =
                new Plan(plan.model(), plan.recipe(), plan.seed(), List.of(), plan.skipped());
        Map<String, WeightPlan> plans = new LinkedHashMap<>();
        plan.weights().forEach(weight -> plans.put(weight.tensor(), weight));
        Map<String, Double> errors = new LinkedHashMap<>();
        try (TemporaryFolder temporary = TemporaryFolder.create("fewbit-test")) {
            IndependentRounding.run(
                    PreparedModel.of(model, List.of(), temporary, 1),
                    plan,
                    surroundings,
                    RoundingData.samples(8, 1, 1, 8, 10, 10),
                    2,
                    Progress.NONE,
                    wanted,
                    layer ->
                            errors.put(
                                    layer.tensor(), layer.nearestError(plans.get(layer.tensor()))));
        }
        return errors;
    }

    /** A search that goes on where it was comes to the same as one that was not interrupted. */
    @Test
    void whatIsFoundOfALayerDoesNotDependOnWhichOthersAreWanted() throws Exception {
        Path model = RoundingNet.convolutions(folder.resolve("net.onnx"));
        Map<String, Double> all = errors(model, tensor -> true);
        assertThat(all).hasSize(9);
        for (String tensor : all.keySet()) {
            assertThat(errors(model, tensor::equals))
                    .containsExactly(Map.entry(tensor, all.get(tensor)));
        }
        assertThat(errors(model, tensor -> false)).isEmpty();
    }
}
