package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.NetworkKind;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.planning.PlanYaml;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PlanRoundingTest {
    @TempDir Path folder;

    private Path original;
    private Path small;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        original = RoundingNet.products(folder.resolve("float.onnx"));
        small = folder.resolve("small.onnx");
        data =
                RoundingData.write(
                        folder.resolve("data.jsonl"), RoundingData.samples(16, 1, 1, 6, 64));
    }

    private double error() throws IOException {
        return RoundingData.error(small, original, RoundingData.samples(16, 2, 1, 6, 64), folder);
    }

    @Test
    void aPlanThatNeedsDataIsNotCarriedOutWithout() {
        Plan plan =
                Fewbit.quantize(original)
                        .recipe(Recipe.INT4.withRounding(Rounding.GPTQ))
                        .data(data)
                        .plan()
                        .plan();
        assertThatThrownBy(() -> Fewbit.quantize(original).plan(plan).writeTo(small))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("tensor 'query.weight' by gptq")
                .hasMessageContaining("give data, or plan nearest or hqq");
        assertThat(small).doesNotExist();
    }

    @Test
    void aRecipeThatNeedsDataRoundsToNearestWithoutAndSaysSo() throws IOException {
        QuantizationResult result = Fewbit.quantize(original).recipe(Recipe.INT4).writeTo(small);
        assertThat(result.warnings())
                .singleElement()
                .asString()
                .startsWith("there is no data, so weights are rounded to the nearest level");
        assertThat(result.plan().weights())
                .allMatch(weight -> weight.rounding() == Rounding.NEAREST);
        byte[] bytes = Files.readAllBytes(small);
        QuantizationResult nearest =
                Fewbit.quantize(original)
                        .recipe(Recipe.INT4.withRounding(Rounding.NEAREST))
                        .writeTo(small);
        assertThat(nearest.warnings()).isEmpty();
        assertThat(Files.readAllBytes(small)).isEqualTo(bytes);
    }

    @Test
    void aRecipeInIntegersRoundsToNearestWithoutDataToo() throws IOException {
        RoundingNet.convolutions(original);
        QuantizationResult result = Fewbit.quantize(original).recipe(Recipe.INT4).writeTo(small);
        assertThat(result.warnings().getFirst()).startsWith("there is no data");
        assertThat(result.plan().weights())
                .allMatch(weight -> weight.rounding() == Rounding.NEAREST);
    }

    /** A file with the decisions gives what the recipe gave that made them. */
    @Test
    void aPlanThatWasWrittenDownGivesTheSameBytes() throws IOException {
        for (Rounding rounding : new Rounding[] {Rounding.GPTQ, Rounding.AUTO}) {
            Recipe recipe = Recipe.INT4.withRounding(rounding);
            QuantizationResult result =
                    Fewbit.quantize(original).recipe(recipe).data(data).writeTo(small);
            byte[] bytes = Files.readAllBytes(small);
            String yaml = PlanYaml.write(result.plan());
            assertThat(yaml).contains("rounding: " + rounding);
            Fewbit.quantize(original)
                    .plan(PlanYaml.parse(yaml, "plan.yaml"))
                    .data(data)
                    .writeTo(small);
            assertThat(Files.readAllBytes(small)).isEqualTo(bytes);
        }
    }

    @Test
    void thatHoldsForNetworksInIntegers() throws IOException {
        RoundingNet.convolutions(original);
        data =
                RoundingData.write(
                        folder.resolve("data.jsonl"), RoundingData.samples(16, 1, 1, 8, 10, 10));
        QuantizationResult result =
                Fewbit.quantize(original).recipe(Recipe.INT4).data(data).writeTo(small);
        byte[] bytes = Files.readAllBytes(small);
        Plan plan = PlanYaml.parse(PlanYaml.write(result.plan()), "plan.yaml");
        Fewbit.quantize(original).plan(plan).data(data).writeTo(small);
        assertThat(Files.readAllBytes(small)).isEqualTo(bytes);
    }

    @Test
    void halfQuadraticQuantizationNeedsNoData() throws IOException {
        Recipe recipe = Recipe.INT4.withAllLayersAlike().withRounding(Rounding.HQQ);
        QuantizationResult result = Fewbit.quantize(original).recipe(recipe).writeTo(small);
        assertThat(result.warnings()).isEmpty();
        assertThat(result.notes()).isEmpty();
        byte[] bytes = Files.readAllBytes(small);
        double robust = error();
        Fewbit.quantize(original).recipe(recipe.withRounding(Rounding.NEAREST)).writeTo(small);
        assertThat(Files.readAllBytes(small)).isNotEqualTo(bytes);
        // It minimizes another norm; of Gaussian weights, that costs a little.
        assertThat(robust).isLessThan(1.3 * error());
        for (int threads : new int[] {1, 4}) {
            Fewbit.quantize(original).recipe(recipe).threads(threads).writeTo(small);
            assertThat(Files.readAllBytes(small)).isEqualTo(bytes);
        }
    }

    @Test
    void halfQuadraticQuantizationSaysWhatItIsNotFor() throws IOException {
        Recipe recipe =
                Recipe.INT4
                        .withGrouping(Grouping.TENSOR)
                        .withActivations(Activations.FLOAT)
                        .withRounding(Rounding.HQQ);
        QuantizationResult result = Fewbit.quantize(original).recipe(recipe).writeTo(small);
        assertThat(result.notes())
                .hasSize(6)
                .contains(
                        "query.weight is rounded to nearest levels: hqq is for scales of channels"
                                + " and blocks");
    }

    @Test
    void findingsSayWhatEachWeightGot() {
        QuantizationResult automatic =
                Fewbit.quantize(original)
                        .recipe(Recipe.INT4.withRounding(Rounding.AUTO))
                        .data(data)
                        .writeTo(small);
        assertThat(automatic.weights())
                .isNotEmpty()
                .allMatch(weight -> weight.rounding().equals("descent"));
        assertThat(automatic.plan().weights())
                .allMatch(weight -> weight.rounding() == Rounding.AUTO);
        QuantizationResult robust =
                Fewbit.quantize(original)
                        .recipe(
                                Recipe.INT4
                                        .withGrouping(Grouping.TENSOR)
                                        .withActivations(Activations.FLOAT)
                                        .withRounding(Rounding.HQQ))
                        .writeTo(small);
        assertThat(robust.weights()).allMatch(weight -> weight.rounding().equals("nearest"));
    }

    @Test
    void bothKindsOfRoundingGoTogether() throws IOException {
        Plan plan =
                Fewbit.quantize(original)
                        .recipe(Recipe.INT4.withRounding(Rounding.DESCENT))
                        .data(data)
                        .plan()
                        .plan();
        Plan mixed =
                new Plan(
                        plan.model(),
                        plan.recipe(),
                        plan.seed(),
                        plan.graph(),
                        plan.weights().stream()
                                .map(
                                        weight ->
                                                weight.tensor().startsWith("o")
                                                        ? weight.with(Rounding.HQQ)
                                                        : weight)
                                .toList(),
                        plan.skipped());
        QuantizationResult result = Fewbit.quantize(original).plan(mixed).data(data).writeTo(small);
        assertThat(result.notes()).singleElement().asString().startsWith("5 layers rounded");
    }

    @Test
    void aLimitOfTheLossIsNotKeptWithRoundingByData() throws IOException {
        RoundingNet.convolutions(original);
        Path pictures =
                RoundingData.write(
                        folder.resolve("pictures.jsonl"),
                        RoundingData.samples(16, 1, 1, 8, 10, 10));
        assertThat(Recipe.INT4.forNetwork(NetworkKind.CONVOLUTIONS).activations())
                .isEqualTo(Activations.STATIC);
        assertThatThrownBy(
                        () ->
                                Fewbit.quantize(original)
                                        .recipe(Recipe.INT4)
                                        .data(pictures)
                                        .maximumLoss(0.01)
                                        .writeTo(small))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("rounded to nearest only, not with auto");
        assertThat(small).doesNotExist();
    }

    @Test
    void dataThatDoesNotFitIsRefused() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
        Path other = Files.writeString(folder.resolve("other.jsonl"), "{\"y\": [1, 2]}\n");
        Path narrow = Files.writeString(folder.resolve("narrow.jsonl"), "{\"x\": [[[1, 2]]]}\n");
        for (Path file : new Path[] {empty, other, narrow, folder.resolve("missing.jsonl")}) {
            assertThatThrownBy(
                            () ->
                                    Fewbit.quantize(original)
                                            .recipe(Recipe.INT4)
                                            .data(file)
                                            .writeTo(small))
                    .as(file.toString())
                    .isInstanceOf(FewbitException.class);
            assertThat(small).doesNotExist();
        }
    }
}
