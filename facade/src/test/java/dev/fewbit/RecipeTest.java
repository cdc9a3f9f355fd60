package dev.fewbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.planning.PlanWords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

class RecipeTest {
    /** All recipes, and some of other widths, open and settled. */
    static final List<Recipe> RECIPES =
            Stream.concat(
                            Recipe.ALL.stream(),
                            Stream.of("int5", "int7", "pow2-6", "codebook-7").map(Recipe::named))
                    .flatMap(
                            recipe ->
                                    Stream.of(
                                            recipe,
                                            recipe.forNetwork(NetworkKind.CONVOLUTIONS),
                                            recipe.forNetwork(NetworkKind.PRODUCTS)))
                    .distinct()
                    .toList();

    private static final List<UnaryOperator<Recipe>> CHANGES =
            List.of(
                    recipe -> recipe.withActivations(Activations.STATIC),
                    recipe -> recipe.withActivations(Activations.FLOAT),
                    recipe -> recipe.withActivations(Activations.DYNAMIC),
                    recipe -> recipe.withWeights(new Affine(3, true, true)),
                    recipe -> recipe.withWeights(new Codebook(4)),
                    recipe -> recipe.withWeights(PowersOfTwo.of(5)),
                    recipe -> recipe.withBlock(16),
                    recipe -> recipe.withGrouping(Grouping.block(64).withScaleBits(8)),
                    recipe -> recipe.withGrouping(Grouping.TENSOR),
                    recipe -> recipe.withFragile(new Affine(7, true, true)),
                    Recipe::withAllLayersAlike,
                    Recipe::withoutData,
                    recipe -> recipe.withRounding(Rounding.GPTQ),
                    recipe -> recipe.withStatics(recipe.statics().withActivationBits(16)),
                    recipe -> recipe.withActivationBits(4),
                    recipe -> recipe.withActivationBits(2).withAllLayersAlike(),
                    recipe -> recipe.withStatics(recipe.statics().withCalibration("auto")),
                    recipe -> recipe.withStatics(recipe.statics().withCorrections(false)));

    @ParameterizedTest
    @FieldSource("RECIPES")
    void aDescriptionMakesTheSameRecipe(Recipe recipe) {
        List<Recipe> changed = new ArrayList<>(List.of(recipe));
        for (UnaryOperator<Recipe> one : CHANGES) {
            changed.add(one.apply(recipe));
            // A change after another may mean different things for the two networks of an open one.
            for (UnaryOperator<Recipe> other : recipe.isOpen() ? List.of(one) : CHANGES) {
                changed.add(other.apply(one.apply(recipe)));
            }
        }
        for (Recipe each : changed) {
            assertThat(Recipe.parse(each.describe())).as(each.describe()).isEqualTo(each);
        }
    }

    @Test
    void aDescriptionNamesWhatWasChanged() {
        Recipe settled = Recipe.INT4.forNetwork(NetworkKind.CONVOLUTIONS);

        assertThat(settled.describe()).isEqualTo("int4 network:convolutions");
        assertThat(
                        settled.withActivations(Activations.FLOAT)
                                .withRounding(Rounding.HQQ)
                                .withAllLayersAlike()
                                .describe())
                .isEqualTo("int4 network:convolutions activations:float all-layers rounding:hqq");
        assertThat(Recipe.INT4_WEIGHTS.withBlock(64).describe()).isEqualTo("int4-weights block:64");
    }

    @ParameterizedTest
    @FieldSource("RECIPES")
    void staticActivationsComeWithWeightsForIntegerKernels(Recipe recipe) {
        Recipe integers = recipe.withActivations(Activations.STATIC);

        for (Combination each :
                Stream.concat(
                                Stream.of(integers.combination()),
                                integers.forConvolutions().stream())
                        .toList()) {
            assertThat(each.grouping().kind()).isNotEqualTo(Grouping.Kind.BLOCK);
            assertThat(PlanWords.format(each.weights())).doesNotContain("asymmetric");
            assertThat(each.weights().bits()).isEqualTo(recipe.weights().bits());
        }
    }

    @Test
    void channelsAreWorthAThoroughSearch() {
        Recipe blocks = Recipe.INT4.forNetwork(NetworkKind.PRODUCTS);

        assertThat(blocks.range()).isEqualTo(RangeMethod.LeastSquares.quick());
        assertThat(blocks.withActivations(Activations.STATIC).range())
                .isEqualTo(new RangeMethod.LeastSquares());
        assertThat(Recipe.INT8_WEIGHTS.withActivations(Activations.STATIC).withSeed(0))
                .extracting(Recipe::combination)
                .isEqualTo(Recipe.INT8.combination());
    }

    @Test
    void withoutDataThereIsNothingToRoundBy() {
        assertThat(Recipe.INT4.withoutData().rounding()).isEqualTo(Rounding.NEAREST);
        assertThat(Recipe.INT4.withRounding(Rounding.HQQ).withoutData().rounding())
                .isEqualTo(Rounding.HQQ);
        assertThat(Recipe.INT8.withoutData()).isEqualTo(Recipe.INT8);
    }

    @Test
    void aChangeOfAnOpenRecipeOutlastsSettling() {
        Recipe open = Recipe.INT4.withActivations(Activations.DYNAMIC);

        assertThat(open.isOpen()).isTrue();
        for (NetworkKind kind : List.of(NetworkKind.CONVOLUTIONS, NetworkKind.PRODUCTS)) {
            Recipe settled = open.forNetwork(kind);
            assertThat(settled.isOpen()).isFalse();
            assertThat(settled.activations()).isEqualTo(Activations.DYNAMIC);
            assertThat(settled)
                    .isEqualTo(Recipe.INT4.forNetwork(kind).withActivations(Activations.DYNAMIC));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int4-weight | unknown recipe 'int4-weight'; expected one of int8, int8-dynamic",
                "int9 | unknown recipe 'int9'",
                "pow2-7 | unknown recipe 'pow2-7'",
                "int4 network:trees | unknown kind of network 'trees'; expected one of any",
                "int4 weights:int99 | affine codes have 1 to 16 bits, got 99",
                "int4 rounding:up | unknown rounding 'up'",
                "int4 nonsense | unknown granularity 'nonsense'"
            })
    void otherDescriptionsAreRefused(String text, String message) {
        assertThatThrownBy(() -> Recipe.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POW2 | 8 | few bits of format pow2 are 2 to 6, got 8; for more take format affine",
                "CODEBOOK | 9 | few bits of format codebook are 2 to 7, got 9; for more",
                "AFFINE | 8 | few bits of format affine are 2 to 7, got 8; for more take one of the"
                        + " recipes for 8 bits",
                "AFFINE | 1 | few bits of format affine are 2 to 7, got 1"
            })
    void widthsThatNoRecipeHasAreRefused(WeightFamily family, int bits, String message) {
        assertThatThrownBy(() -> Recipe.fewBits(family, bits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
