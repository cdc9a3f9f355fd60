package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.Activations;
import dev.fewbit.Combination;
import dev.fewbit.Fewbit;
import dev.fewbit.NetworkKind;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.SmallModels;
import dev.fewbit.StaticOptions;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.planning.Planner;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every way of using a weight, with every format and grouping: the encoded model computes in ONNX
 * Runtime what the float model computes with weights that were rounded by the definition.
 */
class EncodingContractTest {
    private static final List<Affine> FORMATS =
            List.of(
                    new Affine(8, true, true),
                    new Affine(8, false, false),
                    new Affine(7, true, true),
                    new Affine(6, true, false),
                    new Affine(5, false, false),
                    new Affine(4, false, false),
                    new Affine(4, true, true),
                    new Affine(3, false, false),
                    new Affine(2, false, false),
                    new Affine(2, true, true),
                    new Affine(1, false, false));

    private static final List<Grouping> GROUPINGS =
            List.of(
                    Grouping.TENSOR,
                    Grouping.CHANNEL,
                    Grouping.block(16),
                    Grouping.block(32).withScaleBits(8));

    @TempDir Path folder;

    static Stream<Arguments> cases() {
        return Stream.of(SmallModels.values())
                .flatMap(
                        model ->
                                FORMATS.stream()
                                        .flatMap(
                                                format ->
                                                        GROUPINGS.stream()
                                                                .flatMap(
                                                                        grouping ->
                                                                                Stream.of(
                                                                                                Activations
                                                                                                        .values())
                                                                                        .map(
                                                                                                activations ->
                                                                                                        Arguments
                                                                                                                .of(
                                                                                                                        model,
                                                                                                                        format,
                                                                                                                        grouping,
                                                                                                                        activations)))));
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("cases")
    void computesWhatRoundedWeightsCompute(
            SmallModels kind, Affine format, Grouping grouping, Activations activations)
            throws IOException {
        Path original = kind.write(folder.resolve("float.onnx"), weights -> weights);
        Plan plan = plan(kind, format, grouping, activations);
        QuantizationResult result =
                Fewbit.quantize(original).plan(plan).writeTo(folder.resolve("small.onnx"));
        assertThat(result.weights()).hasSameSizeAs(plan.weights());

        Path rounded = roundedByDefinition(kind, plan);
        double[] expected = run(rounded, kind);
        double[] actual = run(folder.resolve("small.onnx"), kind);
        double tolerance = tolerance(kind, plan);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("output %d of %s", i, plan.weights())
                    .isCloseTo(expected[i], within(tolerance));
        }
    }

    private static Plan plan(
            SmallModels kind, Affine format, Grouping grouping, Activations activations) {
        Recipe recipe =
                new Recipe(
                        "int8-weights",
                        NetworkKind.ANY,
                        new Combination(
                                format,
                                Optional.empty(),
                                activations,
                                grouping,
                                grouping,
                                new RangeMethod.MinMax(),
                                Rounding.NEAREST),
                        Optional.empty(),
                        StaticOptions.DEFAULT,
                        0);
        Plan plan = Planner.plan(kind.model(weights -> weights), recipe, 0);
        assertThat(plan.weights()).isNotEmpty();
        return plan;
    }

    /**
     * Where the weights become floats, only the order of the products' summation may differ (the
     * runtime sometimes folds a transpose into the product): length * 2^-23 of the largest sum.
     * Kernels that round activations to 8 bits are off by at most one step for every activation:
     * with a range of at most twice the largest activation and 255 steps, that is largest / 127 *
     * (largest sum of absolute weights that feed one output). Where a second product follows, it is
     * fed with outputs of at most largest * sum, which are off already and are rounded again. They
     * also sum codes and zero points apart, with activations that are not rounded alike. That is
     * less than the bound above, except for 1 bit, where nearly all weights are rounded to zero
     * although the levels span the largest.
     */
    private static double tolerance(SmallModels kind, Plan plan) throws IOException {
        boolean floats =
                plan.weights().stream()
                        .flatMap(weight -> weight.uses().stream())
                        .map(UsePlan::encoding)
                        .allMatch(
                                encoding ->
                                        encoding == Encoding.FOLDED
                                                || encoding == Encoding.GATHERED_ROWS);
        float[] weights = roundedWeights(kind, plan).values().iterator().next();
        double largest = kind.inputName().equals("ids") ? largest(weights) : largest(input(kind));
        WeightSite site = WeightSites.find(kind.model(unchanged -> unchanged)).getFirst();
        GroupGeometry channels = site.geometry(Grouping.CHANNEL);
        double step = floats ? channels.length() * 0x1p-23 : 1.0 / 127;
        boolean oneBit = plan.weights().getFirst().format().bits() == 1;
        double zeros = oneBit ? channels.length() * largest(site.tensor().floats()) : 0;
        double first = largest * step * (largestSum(weights, channels) + zeros);
        return switch (kind) {
            case SHARED -> 2 * first * largestSum(weights, channels);
            case BOTH_WAYS -> 2 * first * largestSum(weights, new GroupGeometry(64, 64, 1, 64));
            default -> first;
        };
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double largestSum(float[] weights, GroupGeometry channels) {
        int length = (int) channels.length();
        int inner = (int) channels.inner();
        double largest = 0;
        for (int outer = 0; outer < channels.outer(); outer++) {
            for (int column = 0; column < inner; column++) {
                double sum = 0;
                for (int i = 0; i < length; i++) {
                    sum += Math.abs(weights[(outer * length + i) * inner + column]);
                }
                largest = Math.max(largest, sum);
            }
        }
        return largest;
    }

    private Path roundedByDefinition(SmallModels kind, Plan plan) throws IOException {
        Map<String, float[]> rounded = roundedWeights(kind, plan);
        List<float[]> inOrder = new ArrayList<>(rounded.values());
        int[] next = {0};
        return kind.write(folder.resolve("rounded.onnx"), weights -> inOrder.get(next[0]++));
    }

    private static Map<String, float[]> roundedWeights(SmallModels kind, Plan plan)
            throws IOException {
        Model model = kind.model(weights -> weights);
        Map<String, WeightPlan> plans = new HashMap<>();
        plan.weights().forEach(weight -> plans.put(weight.tensor(), weight));
        Map<String, float[]> rounded = new LinkedHashMap<>();
        for (WeightSite site : WeightSites.find(model)) {
            WeightPlan weight = plans.get(site.name());
            if (weight != null) {
                rounded.put(
                        site.name(),
                        DequantizedReference.round(site.tensor().floats(), site, weight));
            }
        }
        return rounded;
    }

    private static float[] input(SmallModels kind) {
        int count = 1;
        for (long size : kind.inputShape()) {
            count *= (int) size;
        }
        return SmallModels.random(count, 42);
    }

    private static double[] run(Path model, SmallModels kind) throws IOException {
        NumberArray array;
        if (kind.inputName().equals("ids")) {
            array = NumberArray.ofLongs(new long[] {0, 7, 49, 3, 3, 21}, kind.inputShape());
        } else {
            array = NumberArray.ofFloats(input(kind), kind.inputShape());
        }
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            Map<String, NumberArray> outputs =
                    session.run(new Sample(0, Map.of(kind.inputName(), array), Optional.empty()));
            NumberArray output = outputs.values().iterator().next();
            double[] values = new double[output.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = output.doubleAt(i);
            }
            return values;
        }
    }
}
