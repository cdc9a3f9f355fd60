package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Recipe;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which layers read few bits, and with which levels. */
class NarrowPlansTest {
    private static final Affine FOUR = new Affine(4, false, false);

    @TempDir Path folder;

    /**
     * {@code v = Relu(first(x)), t = Relu(left(v)), s = Relu(right(t) + v), m = MaxPool(s),
     * last(GlobalAveragePool(middle(m)))}.
     */
    private Path net() throws IOException {
        TunedNet.Builder net = new TunedNet.Builder();
        Value x = net.input("x", 1, 8, 10, 10);
        Value v = net.relu(net.convolution("first", x, true, 12, 8, 3, 3));
        Value t = net.relu(net.convolution("left", v, true, 12, 12, 1, 1));
        Value right = net.convolution("right", t, true, 12, 12, 1, 1);
        Value s = net.relu(net.node("Add", "sum", right, v));
        Value m = net.node("MaxPool", "pooled", s);
        m.producer().setAttribute("kernel_shape", new long[] {2, 2});
        Value middle = net.convolution("middle", m, false, 12, 12, 3, 3);
        Value flat = net.node("Flatten", "flat", net.node("GlobalAveragePool", "mean", middle));
        Value last = net.node("Gemm", "last", flat, net.weight("last", 12, 7));
        return net.write(last, folder.resolve("net.onnx"));
    }

    /** A plan and what it came from. */
    private record Found(
            Map<String, ActivationPlan> values,
            Map<String, OperatorPlan> nodes,
            Statistics statistics,
            Plan plan) {

        InputPlan input(String node) {
            return nodes.get(node).input().orElse(null);
        }
    }

    private Found plan(Recipe recipe) throws IOException, InterruptedException {
        try (TunedNet net = TunedNet.of(net(), recipe)) {
            Candidate start = net.start();
            Plan plan = net.bench().plan(start);
            return new Found(
                    plan.graph().activations().stream()
                            .collect(Collectors.toMap(ActivationPlan::value, Function.identity())),
                    plan.graph().operators().stream()
                            .collect(Collectors.toMap(OperatorPlan::node, Function.identity())),
                    start.statistics(),
                    plan);
        }
    }

    private static Recipe narrow(String name) {
        return Recipe.named(name).withActivationBits(4);
    }

    private static Map<String, String> formats(Found found) {
        return found.values.values().stream()
                .collect(Collectors.toMap(ActivationPlan::value, each -> each.format().label()));
    }

    @ParameterizedTest
    @CsvSource({"int8", "int4", "int2"})
    void layersReadFewBitsAndAllElseHasEight(String name) throws IOException, InterruptedException {
        Found found = plan(narrow(name));

        assertThat(formats(found))
                .containsEntry("x", "uint8")
                .containsEntry("first_output/relu_output", "uint8")
                .containsEntry("left_output/relu_output", "uint4")
                .containsEntry("right_output", "uint8")
                .containsEntry("sum_output/relu_output", "uint4")
                .containsEntry("pooled_output", "uint4")
                .containsEntry("middle_output", "uint8")
                .containsEntry("flat_output", "uint8");
        assertThat(found.values.get("pooled_output").parameters())
                .isEqualTo(found.values.get("sum_output/relu_output").parameters());
        assertThat(found.input("left").format()).isEqualTo(FOUR);
        assertThat(found.nodes.values().stream().filter(each -> each.input().isPresent()))
                .hasSize(1);
        assertThat(found.input("left").reason()).contains("others read it with 8 bits");
        assertThat(found.values.get("left_output/relu_output").reason())
                .contains("nothing but layers of 4 bits reads it");
        assertThat(found.nodes.get("first").reason())
                .contains("reads 8 bits instead of 4: the first layer");
        assertThat(found.nodes.get("last").reason())
                .contains("reads 8 bits instead of 4: the last layer");
        assertThat(found.nodes.get("middle").reason()).doesNotContain("instead of");
    }

    @Test
    void allLayersMeansAll() throws IOException, InterruptedException {
        Found found = plan(narrow("int4").withAllLayersAlike());

        assertThat(formats(found))
                .containsEntry("x", "uint4")
                .containsEntry("first_output/relu_output", "uint8")
                .containsEntry("flat_output", "uint4");
        assertThat(found.values.get("x").parameters().zeroPoint()).isBetween(5, 10);
    }

    @Test
    void rangesHaveTheLeastSquaredErrorAtTheirWidth() throws IOException, InterruptedException {
        Found found = plan(narrow("int8"));
        ActivationRange squared = new ActivationRange.SquaredError();

        assertThat(found.input("left").parameters())
                .isEqualTo(
                        ActivationRanges.find(
                                found.statistics
                                        .find("first_output/relu_output")
                                        .orElseThrow()
                                        .distribution(),
                                squared,
                                FOUR));
        assertThat(found.values.get("left_output/relu_output").parameters())
                .isEqualTo(
                        ActivationRanges.find(
                                found.statistics
                                        .find("left_output/relu_output")
                                        .orElseThrow()
                                        .distribution(),
                                squared,
                                FOUR));
    }

    @Test
    void entropyIsForEightBits() throws IOException, InterruptedException {
        Recipe recipe = narrow("int8");
        Found found = plan(recipe.withStatics(recipe.statics().withCalibration("entropy")));

        assertThat(found.values.get("first_output/relu_output").range()).isEqualTo("entropy");
        assertThat(found.input("left").range()).isEqualTo("squared-error");
        assertThat(found.values.get("left_output/relu_output").range()).isEqualTo("squared-error");
    }

    @Test
    void eightBitsAreWhatTheyWere() throws IOException, InterruptedException {
        Found found = plan(Recipe.INT4);

        assertThat(formats(found).values()).containsOnly("uint8");
        assertThat(found.nodes.values()).allSatisfy(each -> assertThat(each.input()).isEmpty());
        assertThat(plan(Recipe.INT4.withActivationBits(8)).plan).isEqualTo(found.plan);
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "4", "6"})
    void correctionsAndEncodingGoWithIt(int bits) throws IOException, InterruptedException {
        Recipe recipe = Recipe.INT8.withActivationBits(bits);
        try (TunedNet net = TunedNet.of(net(), recipe)) {
            Candidate before = net.start();
            Candidate after = new LayerCorrection().propose(net.bench(), before).orElseThrow();
            double without = net.bench().loss(before);

            assertThat(net.bench().loss(after)).isLessThan(without);
            // Rounding every layer's input costs more than rounding to 8 bits does.
            try (TunedNet eight = TunedNet.of(net(), Recipe.INT8)) {
                assertThat(eight.bench().loss(eight.start())).isLessThan(without);
            }
        }
    }

    @Test
    void noLayerIsLeftInFloatUnasked() throws IOException, InterruptedException {
        Path model = TunedNet.products(folder.resolve("products.onnx"), 3);
        Recipe recipe = Recipe.INT8.withActivationBits(2).withAllLayersAlike();
        List<String> warnings = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (TunedNet net = TunedNet.of(model, recipe);
                Samples samples = ComparisonSamples.open(model, Optional.empty(), 0, 1)) {
            Candidate start = net.start();
            // Above that an 8-bit network is thought useless.
            assertThat(net.bench().loss(start)).isGreaterThan(0.05);

            assertThat(new LossLimit(net.bench(), warnings, notes).apply(model, samples, start))
                    .isSameAs(start);
        }
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("as activations of 2 bits often are without training", "--max-loss");
        assertThat(notes).isEmpty();
    }
}
