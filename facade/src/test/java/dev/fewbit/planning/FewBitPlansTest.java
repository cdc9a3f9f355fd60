package dev.fewbit.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Activations;
import dev.fewbit.NetworkKind;
import dev.fewbit.Recipe;
import dev.fewbit.SmallModels;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.planning.integer.PlannedLayer;
import dev.fewbit.planning.integer.StaticPlanner;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What recipes of few bits mean for networks of either kind. */
class FewBitPlansTest {
    private static final Affine EIGHT_BITS = new Affine(8, true, true);

    private static WeightPlan weight(Plan plan, String tensor) {
        return plan.weights().stream()
                .filter(each -> each.tensor().equals(tensor))
                .findFirst()
                .orElseThrow();
    }

    private static List<WeightPlan> eightBits(Plan plan) {
        return plan.weights().stream().filter(each -> each.format().equals(EIGHT_BITS)).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "int4, int4 symmetric",
        "int3, mid-rise-3",
        "int2, mid-rise-2",
        "int6, int6 symmetric",
        "pow2-4, pow2-4",
        "pow2-5, apot-5",
        "codebook-4, codebook-4-int8",
        "codebook-2, codebook-2-int8"
    })
    void convolutionsGetOneScalePerChannelAndFragileLayersEightBits(String name, String format) {
        Model model = PictureNet.model();
        // Whether the layers compute in integers changes nothing about their bits.
        Recipe recipe =
                Recipe.named(name).forModel(model).withWeights(PlanWords.parseFormat(format));
        assertThat(recipe).isEqualTo(Recipe.named(name).forModel(model));
        assertThat(recipe.network()).isEqualTo(NetworkKind.CONVOLUTIONS);

        Plan plan = Planner.plan(model, Recipe.named(name));

        WeightPlan middle = weight(plan, "middle");
        assertThat(PlanWords.format(middle.format())).isEqualTo(format);
        assertThat(middle.grouping()).isEqualTo(Grouping.CHANNEL);
        assertThat(middle.range()).isEqualTo(new RangeMethod.LeastSquares());
        assertThat(middle.rounding()).isEqualTo(Rounding.AUTO);
        assertThat(middle.reason()).doesNotContain("instead of");
        int bits = recipe.weights().bits();
        WeightPlan first = weight(plan, "first");
        assertThat(first.format()).isEqualTo(EIGHT_BITS);
        assertThat(first.grouping()).isEqualTo(Grouping.CHANNEL);
        assertThat(first.range()).isEqualTo(new RangeMethod.MinMax());
        assertThat(first.rounding()).isEqualTo(Rounding.AUTO);
        assertThat(first.reason()).startsWith("8 bits instead of " + bits + ": the first layer");
        assertThat(weight(plan, "middle").reason()).isNotBlank();
        assertThat(plan.recipe()).isEqualTo(name + " network:convolutions");
    }

    @Test
    void theFirstTheLastSmallAndDepthwiseLayersAreFragile() {
        Recipe integers = Recipe.INT4.forModel(PictureNet.model());
        Plan plan = integerPlan(integers);

        assertThat(eightBits(plan))
                .extracting(WeightPlan::tensor)
                .containsExactlyInAnyOrder("first", "depthwise", "gate", "last");
        assertThat(weight(plan, "gate").reason()).contains("8 bits instead of 4: a small layer");
        assertThat(weight(plan, "last").reason()).contains("8 bits instead of 4: the last layer");
        assertThat(weight(plan, "depthwise").reason())
                .contains("8 bits instead of 4: a depthwise convolution");
        assertThat(eightBits(integerPlan(integers.withAllLayersAlike()))).isEmpty();
        // Eight bits are not fewer than eight.
        Recipe eight = integers.withWeights(EIGHT_BITS);
        assertThat(integerPlan(eight).weights())
                .allSatisfy(each -> assertThat(each.reason()).doesNotContain("instead of"));
    }

    /** A plan in which all convolutions and products are said to compute in integers. */
    private static Plan integerPlan(Recipe recipe) {
        NodeArithmetic integers =
                new NodeArithmetic() {
                    @Override
                    public boolean isInteger(Node node) {
                        return node.is("Conv") || node.is("Gemm");
                    }

                    @Override
                    public Optional<String> floatReason(Node node) {
                        return Optional.empty();
                    }
                };
        return Planner.plan(PictureNet.model(), recipe, integers, Map.of());
    }

    @Test
    void convolutionsOfFourBitsComputeInIntegers() {
        StaticPlanner planner = planner(Recipe.INT4.forModel(PictureNet.model()));

        assertThat(planner.layers())
                .filteredOn(PlannedLayer::isInteger)
                .extracting(PlannedLayer::tensor)
                .containsExactlyInAnyOrder(
                        "first", "depthwise", "pointwise", "middle", "gate", "last");
    }

    @Test
    void blocksKeepLayersInFloatAndTheReasonSaysSo() {
        StaticPlanner planner =
                planner(Recipe.INT4.forModel(PictureNet.model()).withBlock(8).withAllLayersAlike());

        assertThat(planner.layers()).isNotEmpty().noneMatch(PlannedLayer::isInteger);
        Plan plan =
                Planner.plan(
                        PictureNet.model(),
                        Recipe.INT4.withActivations(Activations.DYNAMIC).withBlock(8));
        assertThat(weight(plan, "middle").reason())
                .contains("convolutions with activations rounded on the go are slower");
    }

    private static StaticPlanner planner(Recipe recipe) {
        return new StaticPlanner(
                PictureNet.model(),
                recipe,
                IntegerChoices.of(
                        recipe.statics().activationFormat(), new ActivationRange.MinMax()));
    }

    @ParameterizedTest
    @CsvSource({
        "int4, uint4 asymmetric, 'block:32,scales:8', DEQUANTIZED_MATMUL",
        "int3, uint3 asymmetric, 'block:32,scales:8', DEQUANTIZED_MATMUL",
        "int2, uint2 asymmetric, 'block:64,scales:8', DEQUANTIZED_MATMUL"
    })
    void productsGetBlocksForTheLowBitKernel(
            String name, String format, String grouping, Encoding encoding) {
        Plan plan = Planner.plan(SmallModels.MATMUL.model(weights -> weights), Recipe.named(name));

        WeightPlan weight = plan.weights().getFirst();
        assertThat(PlanWords.format(weight.format())).isEqualTo(format);
        assertThat(weight.grouping()).isEqualTo(Grouping.parse(grouping));
        assertThat(weight.range()).isEqualTo(RangeMethod.LeastSquares.quick());
        assertThat(weight.rounding()).isEqualTo(Rounding.AUTO);
        assertThat(weight.uses()).extracting(UsePlan::encoding).containsExactly(encoding);
        assertThat(plan.recipe()).isEqualTo(name + " network:products");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pow2-4", "codebook-3"})
    void tablesOfLevelsHaveOneScaleToARow(String name) {
        Plan plan = Planner.plan(SmallModels.TABLE.model(weights -> weights), Recipe.named(name));

        assertThat(plan.weights().getFirst().grouping()).isEqualTo(Grouping.CHANNEL);
    }

    @Test
    void longTablesTakeLongBlocks() {
        Recipe recipe = Recipe.INT2.forNetwork(NetworkKind.PRODUCTS);

        assertThat(recipe.tableGrouping()).isEqualTo(Grouping.parse("block:256,scales:8"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"CONVOLUTION", "TRANSPOSED_CONVOLUTION"})
    void aConvolutionMakesANetworkOfConvolutions(SmallModels kind) {
        assertThat(NetworkKinds.of(kind.model(weights -> weights)))
                .isEqualTo(NetworkKind.CONVOLUTIONS);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CONVOLUTION", "TRANSPOSED_CONVOLUTION"})
    void everythingElseIsANetworkOfProducts(SmallModels kind) {
        assertThat(NetworkKinds.of(kind.model(weights -> weights))).isEqualTo(NetworkKind.PRODUCTS);
    }

    @Test
    void theReasonNamesWhatAKernelDoesNotTake() {
        Plan plan =
                Planner.plan(
                        SmallModels.MATMUL.model(weights -> weights),
                        Recipe.INT4.withGrouping(Grouping.block(24)));

        assertThat(plan.weights().getFirst().uses())
                .extracting(UsePlan::encoding)
                .containsExactly(Encoding.FOLDED);
        assertThat(plan.weights().getFirst().reason())
                .contains("the low-bit matrix kernel takes blocks of 16, 32, 64, 128 or 256");
    }
}
