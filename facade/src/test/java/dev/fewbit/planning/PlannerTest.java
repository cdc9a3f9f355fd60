package dev.fewbit.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fewbit.Activations;
import dev.fewbit.Recipe;
import dev.fewbit.SmallModels;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class PlannerTest {
    static Stream<Arguments> groupings() {
        return Stream.of(
                Arguments.of(SmallModels.MATMUL, Grouping.block(32)),
                Arguments.of(SmallModels.ODD_MATMUL, Grouping.block(32)),
                // Two blocks of 64 do not fit 96, so a table's blocks of 128 are halved twice.
                Arguments.of(SmallModels.TABLE, Grouping.block(32)),
                Arguments.of(SmallModels.ODD_TABLE, Grouping.block(16)),
                // 8 * 3 * 3 = 72 inputs: two blocks of 32 and one of 8.
                Arguments.of(SmallModels.CONVOLUTION, Grouping.block(32)),
                Arguments.of(SmallModels.STACKED_MATMUL, Grouping.block(32)),
                Arguments.of(SmallModels.LEFT_MATMUL, Grouping.block(32)));
    }

    @ParameterizedTest
    @MethodSource("groupings")
    void blocksSuitTheWeight(SmallModels kind, Grouping expected) {
        Plan plan = Planner.plan(kind.model(weights -> weights), Recipe.INT4_WEIGHTS);

        assertThat(plan.weights()).hasSize(1);
        assertThat(plan.weights().getFirst().grouping()).isEqualTo(expected);
    }

    static Stream<Arguments> encodings() {
        Recipe exact = Recipe.INT4_WEIGHTS.withActivations(Activations.FLOAT);
        return Stream.of(
                Arguments.of(
                        SmallModels.MATMUL, Recipe.INT8_DYNAMIC, List.of(Encoding.DYNAMIC_MATMUL)),
                Arguments.of(
                        SmallModels.CONVOLUTION, Recipe.INT8_DYNAMIC, List.of(Encoding.FOLDED)),
                Arguments.of(
                        SmallModels.STACKED_MATMUL, Recipe.INT8_DYNAMIC, List.of(Encoding.FOLDED)),
                Arguments.of(
                        SmallModels.TIED,
                        Recipe.INT8_DYNAMIC,
                        List.of(Encoding.GATHERED_ROWS, Encoding.DYNAMIC_MATMUL)),
                Arguments.of(SmallModels.MATMUL, Recipe.INT8_WEIGHTS, List.of(Encoding.FOLDED)),
                Arguments.of(
                        SmallModels.MATMUL,
                        Recipe.INT4_WEIGHTS,
                        List.of(Encoding.DEQUANTIZED_MATMUL)),
                Arguments.of(SmallModels.MATMUL, exact, List.of(Encoding.FOLDED)),
                Arguments.of(
                        SmallModels.SHARED,
                        Recipe.INT4_WEIGHTS,
                        List.of(Encoding.FOLDED, Encoding.FOLDED)),
                Arguments.of(
                        SmallModels.TIED,
                        Recipe.INT4_WEIGHTS,
                        List.of(Encoding.GATHERED_ROWS, Encoding.DEQUANTIZED_MATMUL)));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void usesGetTheFastestEncoding(SmallModels kind, Recipe recipe, List<Encoding> expected) {
        Plan plan = Planner.plan(kind.model(weights -> weights), recipe, 0);

        assertThat(plan.weights()).hasSize(1);
        assertThat(plan.weights().getFirst().uses())
                .extracting(UsePlan::encoding)
                .containsExactlyElementsOf(expected);
        assertThat(plan.weights().getFirst().reason()).isNotBlank();
    }

    @Test
    void smallTablesAreUnpackedWhenTheModelIsLoaded() {
        long bytes = 50 * 96 * Float.BYTES;
        Model model = SmallModels.TABLE.model(weights -> weights);

        assertThat(Planner.plan(model, Recipe.INT4_WEIGHTS, bytes).weights().getFirst().uses())
                .extracting(UsePlan::encoding)
                .containsExactly(Encoding.FOLDED);
        assertThat(Planner.plan(model, Recipe.INT4_WEIGHTS, bytes - 1).weights().getFirst().uses())
                .extracting(UsePlan::encoding)
                .containsExactly(Encoding.GATHERED_ROWS);
    }

    @Test
    void whatStaysFloatIsListedWithItsReason() {
        Graph graph = new Graph("skipping");
        Value input = new Value("x");
        input.setType(ElementType.FLOAT, Shape.of(3, 64));
        graph.addInput(input);
        Value biased = node(graph, "Add", input, constant(graph, "bias", 64));
        Value small = node(graph, "MatMul", biased, constant(graph, "tiny", 64, 2));
        Value overridable = constant(graph, "overridable", 2, 200);
        graph.addInput(overridable);
        Value wide = node(graph, "MatMul", small, overridable);
        Value empty = node(graph, "MatMul", wide, constant(graph, "empty", 200, 0));
        graph.addOutput(empty);
        Value shown = constant(graph, "shown", 200, 30);
        node(graph, "MatMul", wide, shown);
        graph.addOutput(shown);
        Model model = new Model(8, graph);
        model.setOpset("", 17);

        Plan plan = Planner.plan(model, Recipe.INT8_DYNAMIC);

        assertThat(plan.weights()).isEmpty();
        assertThat(plan.skipped())
                .extracting(
                        SkippedWeight::tensor, skipped -> skipped.reason().split("[:;,]", -1)[0])
                .containsExactlyInAnyOrder(
                        tuple("bias", "read by Add"),
                        tuple("tiny", "too small"),
                        tuple("overridable", "is an input with a default"),
                        tuple("empty", "has no elements"),
                        tuple("shown", "is an output of the model"));
    }

    private static Value constant(Graph graph, String name, long... shape) {
        int count = (int) Tensor.elementCount(shape);
        return graph.addInitializer(name, Tensor.ofFloats(shape, SmallModels.random(count, 1)));
    }

    private static Value node(Graph graph, String operator, Value... inputs) {
        Node node = new Node(operator, graph.freshName(operator), inputs);
        Value output = node.addOutput(graph.freshName(operator + "_output"));
        graph.add(node);
        return output;
    }
}
