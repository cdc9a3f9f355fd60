package dev.fewbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

class QuantizationTest {
    @TempDir Path folder;

    private Path original;
    private Path small;

    @BeforeEach
    void choosePaths() {
        original = folder.resolve("float.onnx");
        small = folder.resolve("small.onnx");
    }

    @ParameterizedTest
    @EnumSource
    void sameBytesForAnyNumberOfThreads(SmallModels kind) throws IOException {
        kind.write(original, weights -> weights);
        for (Recipe recipe : recipes(each -> true)) {
            List<byte[]> results = new ArrayList<>();
            for (int threads : new int[] {1, 2, 4}) {
                Fewbit.quantize(original).recipe(recipe).threads(threads).writeTo(small);
                results.add(Files.readAllBytes(small));
            }
            assertThat(results.get(1)).isEqualTo(results.get(0));
            assertThat(results.get(2)).isEqualTo(results.get(0));
        }
    }

    @Test
    void theModelSaysHowItWasMade() throws IOException {
        SmallModels.MATMUL.write(original, weights -> weights);

        QuantizationResult result =
                Fewbit.quantize(original)
                        .recipe(Recipe.INT4_WEIGHTS.withBlock(64).withSeed(7))
                        .writeTo(small);

        Model written = OnnxReader.read(small);
        assertThat(written.metadata(ModelMetadata.RECIPE)).hasValue("int4-weights block:64");
        assertThat(written.metadata(ModelMetadata.PLAN_HASH)).hasValue(result.planHash());
        assertThat(written.metadata(ModelMetadata.SEED)).hasValue("7");
        assertThat(written.metadata(ModelMetadata.VERSION)).hasValue(Version.current());
        assertThat(result.quantized().fileBytes()).isEqualTo(Files.size(small));
        assertThat(result.original().fileBytes()).isEqualTo(Files.size(original));
        assertThat(result.compressionRatio()).isGreaterThan(3);
    }

    @Test
    void aComparisonExplainsTheWeightsFromTheMetadata() throws IOException {
        SmallModels.TIED.write(original, weights -> weights);
        QuantizationResult result =
                Fewbit.quantize(original)
                        .recipe(Recipe.INT4_WEIGHTS.withSeed(3))
                        .measuring(Measuring.DISTRIBUTIONS)
                        .writeTo(small);

        Findings findings = Fewbit.compare(original, small).threads(1).run();

        assertThat(findings.weights()).isEqualTo(result.weights()).isNotEmpty();
        assertThat(findings.planHash()).isEqualTo(result.planHash());
        assertThat(findings.comparison()).isNotNull();
        assertThat(findings.verdict()).isNotNull();
    }

    @Test
    void histogramsCountEveryWeight() throws IOException {
        SmallModels.CONVOLUTION.write(original, weights -> weights);

        WeightFinding weight =
                Fewbit.quantize(original)
                        .measuring(Measuring.DISTRIBUTIONS)
                        .writeTo(small)
                        .weights()
                        .getFirst();

        assertThat(weight.histogram()).isNotNull();
        assertThat(weight.histogram().counts().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(12 * 8 * 3 * 3);
        assertThat(weight.histogram().levels()).hasSize(256).isSorted();
        assertThat(weight.sqnrDecibels()).isGreaterThan(30);
    }

    @Test
    void anEditedPlanIsCarriedOut() throws IOException {
        SmallModels.RECURRENT.write(original, weights -> weights);
        Plan plan = Fewbit.plan(original, Recipe.INT4_WEIGHTS);
        assertThat(plan.weights()).hasSize(2);
        WeightPlan first = plan.weights().getFirst();
        WeightPlan coarser =
                new WeightPlan(
                        first.tensor(),
                        first.shape(),
                        first.format(),
                        Grouping.TENSOR,
                        first.range(),
                        first.uses(),
                        "by hand");
        Plan edited =
                new Plan(
                        plan.model(), plan.recipe(), plan.seed(), List.of(coarser), plan.skipped());

        QuantizationResult result = Fewbit.quantize(original).plan(edited).writeTo(small);

        assertThat(result.weights())
                .extracting(WeightFinding::tensor)
                .containsExactly(first.tensor());
        assertThat(result.weights().getFirst().granularity()).isEqualTo("tensor");
        assertThat(result.skipped())
                .extracting(skipped -> skipped.tensor() + " " + skipped.reason())
                .containsExactly("r is not in the plan");
        assertThat(OnnxReader.read(small).graph().initializers().keySet())
                .extracting(value -> value.name())
                .contains("r", "w.codes")
                .doesNotContain("w");
    }

    @Test
    void aPlanOfAnotherModelIsRefused() throws IOException {
        SmallModels.MATMUL.write(original, weights -> weights);
        Path other = SmallModels.GEMM.write(folder.resolve("other.onnx"), weights -> weights);
        Plan plan = Fewbit.plan(other, Recipe.INT8_DYNAMIC);

        assertThatThrownBy(() -> Fewbit.quantize(original).plan(plan).writeTo(small))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("tensor 'w' has shape [96, 40], but the plan says [40, 64]");
        assertThat(small).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aWeightThatIsNotFiniteIsNamed(float bad) throws IOException {
        for (SmallModels kind : SmallModels.values()) {
            boolean[] broken = {false};
            kind.write(
                    original,
                    weights -> {
                        float[] changed = weights.clone();
                        if (!broken[0]) {
                            changed[130] = bad;
                            broken[0] = true;
                        }
                        return changed;
                    });
            // A static recipe prepares the model first, and names what the weight became.
            for (Recipe recipe : weightRecipes()) {
                assertThatThrownBy(() -> Fewbit.quantize(original).recipe(recipe).writeTo(small))
                        .as("%s %s", kind, recipe.name())
                        .isInstanceOf(FewbitException.class)
                        .hasMessageMatching("(?s).*tensor '[a-z_]+' holds " + bad + " at \\[.*")
                        .hasMessageContaining(Arrays.toString(indexOf(kind, 130)));
            }
            try (var files = Files.list(folder)) {
                assertThat(files).containsExactly(original);
            }
        }
    }

    private static List<Recipe> weightRecipes() {
        return recipes(recipe -> recipe.activations() != Activations.STATIC);
    }

    private static List<Recipe> recipes(Predicate<Recipe> wanted) {
        return Recipe.ALL.stream().filter(wanted).toList();
    }

    private static long[] indexOf(SmallModels kind, long element) {
        long[] shape =
                WeightSites.find(kind.model(weights -> weights)).stream()
                        .map(site -> site.tensor().shape())
                        .filter(each -> each.length > 1)
                        .findFirst()
                        .orElseThrow();
        long[] index = new long[shape.length];
        long rest = element;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }

    @Test
    void theFloatModelIsNeverTheTarget() throws IOException {
        SmallModels.MATMUL.write(original, weights -> weights);
        byte[] before = Files.readAllBytes(original);

        assertThatThrownBy(() -> Fewbit.quantize(original).writeTo(original))
                .isInstanceOf(FewbitException.class);

        assertThat(Files.readAllBytes(original)).isEqualTo(before);
    }

    @Test
    void nothingToQuantizeIsSaid() throws IOException {
        SmallModels.MATMUL.write(original, weights -> weights);
        Fewbit.quantize(original).recipe(Recipe.INT8_WEIGHTS).writeTo(small);

        assertThatThrownBy(() -> Fewbit.quantize(small).writeTo(folder.resolve("smaller.onnx")))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("there is nothing to quantize in");
    }
}
