package dev.fewbit.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.FewbitException;
import dev.fewbit.Recipe;
import dev.fewbit.SmallModels;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class PlanYamlTest {
    @ParameterizedTest
    @EnumSource
    void readsWhatItWrites(SmallModels kind) {
        for (Recipe recipe : Recipe.ALL) {
            Plan plan = Planner.plan(kind.model(weights -> weights), recipe);

            Plan read = PlanYaml.parse(PlanYaml.write(plan), "test");

            assertThat(read).isEqualTo(plan);
            assertThat(read.hash()).isEqualTo(plan.hash());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "true", "no", "1", "1.5", "0x10", "~", "null", "a: b", "- a", "#a", "a #b",
                        "{a}", "[a]",
                "'a'", "\"a\"", "a\\b", "a\nb", "\t", "%a", "@a", "&a", "*a", "!a", "|", ">", "?",
                        "ä", "\u2028",
                "\u0000", "\ud83d\ude00", "onnx::MatMul_787", "/encoder/layer.0/MatMul", "---",
                        "...", ".inf", "+1"
            })
    void anyNameSurvives(String name) {
        WeightPlan weight =
                new WeightPlan(
                        name,
                        List.of(1L, 2L),
                        new Affine(4, false, false),
                        Grouping.block(32).withScaleBits(8),
                        new RangeMethod.LeastSquares(),
                        Rounding.DESCENT,
                        List.of(new UsePlan(name, name, Encoding.FOLDED)),
                        name);
        Plan plan =
                new Plan(
                        name,
                        name,
                        -1,
                        graph(name),
                        List.of(weight),
                        List.of(new SkippedWeight(name, name, List.of(), 3, name)));

        assertThat(PlanYaml.parse(PlanYaml.write(plan), "test")).isEqualTo(plan);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.1, 1.0 / 3, Double.MIN_VALUE})
    void sharesOfRangesSurvive(double share) {
        RangeMethod range = new RangeMethod.Clipped(share);

        assertThat(PlanWords.parseRange(PlanWords.range(range))).isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int4 symmetric",
                "uint2 asymmetric",
                "pow2-2",
                "pow2-4",
                "root2-5",
                "apot-6",
                "mid-rise-1",
                "codebook-8",
                "codebook-7-int8"
            })
    void everyFormatHasAWord(String word) {
        assertThat(PlanWords.format(PlanWords.parseFormat(word))).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int", "pow2-4-int8", "mid-rise-8", "pow2-5", "codebook-04", "nf4"})
    void refusesOtherFormats(String word) {
        assertThatThrownBy(() -> PlanWords.parseFormat(word))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static GraphPlan graph(String name) {
        return new GraphPlan(
                List.of(Preparation.values()),
                List.of(
                        new Correction.ChannelScaling(
                                name,
                                List.of(new Correction.ChannelAxis(name, 0)),
                                List.of(new Correction.ChannelAxis(name, 1)),
                                List.of(0.1f, Float.MIN_VALUE, Float.MAX_VALUE),
                                name),
                        new Correction.ChannelScaling(
                                name,
                                List.of(),
                                List.of(new Correction.ChannelAxis(name, 1)),
                                List.of(0.5f, 2f),
                                name),
                        new Correction.ChannelScaling(
                                name,
                                List.of(new Correction.ChannelAxis(name, 0)),
                                List.of(),
                                List.of(0.5f, 2f),
                                name),
                        new Correction.BiasShift(name, List.of(-0f, 1f / 3), name),
                        new Correction.ChannelGain(name, List.of(0.1f, 3f), name)),
                List.of(
                        new ActivationPlan(
                                name,
                                new Affine(16, false, false),
                                new AffineParameters(0.1f, 65535),
                                name,
                                name),
                        new ActivationPlan(
                                "narrow " + name,
                                new Affine(4, true, false),
                                new AffineParameters(1f / 3, -8),
                                name,
                                name)),
                List.of(
                        new OperatorPlan(name, name, Arithmetic.INTEGER, name),
                        new OperatorPlan(
                                "narrow " + name,
                                name,
                                Arithmetic.INTEGER,
                                Optional.of(input(name)),
                                name)));
    }

    private static InputPlan input(String name) {
        return new InputPlan(
                new Affine(2, false, false), new AffineParameters(1f / 7, 3), name, name);
    }

    private static Plan withInput(Optional<InputPlan> input) {
        OperatorPlan operator =
                new OperatorPlan("conv", "Conv", Arithmetic.INTEGER, input, "tested");
        GraphPlan graph = new GraphPlan(List.of(), List.of(), List.of(), List.of(operator));
        return new Plan("m", "int8", 0, graph, List.of(), List.of());
    }

    @Test
    void levelsOfAnInputAreADecision() {
        Plan without = withInput(Optional.empty());
        Plan with = withInput(Optional.of(input("min-max")));

        assertThat(with.hash()).isNotEqualTo(without.hash());
        assertThat(with.hash()).isEqualTo(withInput(Optional.of(input("guessed"))).hash());
        assertThat(PlanYaml.write(without)).doesNotContain("input");
        assertThat(PlanYaml.write(with))
                .contains(
                        "{node: conv, operator: Conv, arithmetic: integer, input: {format: uint2"
                                + " asymmetric, scale: 0.14285715, zero-point: 3, range: min-max,"
                                + " reason: min-max}, reason: tested}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format: uint2 | format: uint9 | line 8: the input of an operator has 2 to 8 bits,"
                        + " got 9",
                "zero-point: 3 | zero-point: 4 | line 8: the zero point of the input of an operator"
                        + " lies in 0 to 3, got 4",
                "scale: 0.14285715 | scale: 0 | line 8: a scale is a normal positive number",
                "zero-point: 3, | '' | line 8",
                "arithmetic: integer | arithmetic: float | line 8: node 'conv' computes in floats",
                "input: {format | input: {bits: 2, format | line 8: unknown field 'bits'"
            })
    void complaintsAboutInputsNameTheLine(String good, String bad, String expected) {
        String yaml = PlanYaml.write(withInput(Optional.of(input("min-max"))));
        assertThat(yaml).contains(good);

        assertThatThrownBy(() -> PlanYaml.parse(yaml.replace(good, bad), "plan.yaml"))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("plan.yaml")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format: uint4 asymmetric | format: float7 | line 10: unknown format 'float7';"
                        + " expected int1 to int8",
                "granularity: block:32 | granularity: block:x | line 11: unknown granularity"
                        + " 'block:x'",
                "granularity: block:32 | granularity: block:0 | line 11: a block needs a size of 1"
                        + " or more",
                "range: least-squares | range: guess | line 12: unknown range 'guess'",
                "range: least-squares | range: clipped much | line 12: expected a share",
                "range: least-squares | range: clipped 2 | line 12: levels span a share above 0",
                "encoding: dequantized-matmul | encoding: magic | line 15: unknown encoding"
                        + " 'magic'",
                "shape: [96, 40] | shape: [96, x] | line 9: expected a whole number, got 'x'",
                "    range: | rnge: | line 12",
                "rounding: nearest | rounding: up | line 13: unknown rounding 'up'",
                "seed: 0 | seed: | line 6: expected a whole number, got ''",
                "fewbit-plan: 1 | fewbit-plan: 7 | this is plan version 7; this Fewbit reads"
                        + " version 1",
            })
    void complaintsNameTheLine(String good, String bad, String expected) {
        String yaml =
                PlanYaml.write(
                        Planner.plan(
                                SmallModels.MATMUL.model(weights -> weights), Recipe.INT4_WEIGHTS));
        assertThat(yaml).contains(good);

        assertThatThrownBy(() -> PlanYaml.parse(yaml.replace(good, bad), "plan.yaml"))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("plan.yaml")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "just text",
                "[1, 2]",
                "a: [",
                "fewbit-plan: 1",
                "weights: 3\nweights: 4"
            })
    void refusesWhatIsNoPlan(String text) {
        assertThatThrownBy(() -> PlanYaml.parse(text, "plan.yaml"))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("plan.yaml");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> PlanYaml.read(Path.of("no", "such", "plan.yaml")))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("plan.yaml");
    }
}
