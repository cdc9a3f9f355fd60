package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.TestModels;

import org.junit.jupiter.api.Test;

import java.util.List;

class LayerSelectionTest {

    /** A chain of blocks x -> MatMul -> Relu -> Sigmoid. */
    private static Graph chain(int blocks) {
        Graph graph = new Graph("chain");
        Value value = TestModels.value("x", ElementType.FLOAT, "batch", 2);
        graph.addInput(value);
        Value weight =
                graph.addInitializer("weight", Tensor.ofFloats(new long[] {2, 2}, 1, 2, 3, 4));
        for (int block = 0; block < blocks; block++) {
            value = TestModels.node(graph, "MatMul", "product" + block, value, weight);
            value = TestModels.node(graph, "Relu", "positive" + block, value);
            value = TestModels.node(graph, "Sigmoid", "gate" + block, value);
        }
        graph.addOutput(value);
        return graph;
    }

    private static List<String> names(Graph first, Graph second) {
        return LayerSelection.choose(first, second).stream().map(LayerValue::name).toList();
    }

    @Test
    void takesWhatBothComputeInOrder() {
        assertThat(names(chain(2), chain(1))).containsExactly("product0", "positive0", "gate0");
    }

    @Test
    void leavesOutConstantsMoversAndOtherTypes() {
        Graph graph = chain(1);
        Value constant = graph.addInitializer("c", Tensor.ofFloats(new long[] {1}, 2));
        graph.addOutput(TestModels.node(graph, "Sqrt", "folded", constant));
        Value x = graph.inputs().getFirst();
        graph.addOutput(TestModels.node(graph, "Transpose", "turned", x));
        Value shape = TestModels.node(graph, "ArgMax", "best", x);
        shape.setType(ElementType.INT64, null);
        graph.addOutput(shape);
        assertThat(names(graph, graph)).containsExactly("product0", "positive0", "gate0");
    }

    @Test
    void manyValuesAreThinnedToThoseThatHoldWeights() {
        assertThat(names(chain(200), chain(200)))
                .hasSize(200)
                .allMatch(name -> name.startsWith("product"));
        assertThat(names(chain(2000), chain(2000))).hasSize(LayerSelection.MOST);
    }

    @Test
    void leavesOutCodesThatEndWhereTheNextNodeLimitsThem() {
        Graph quantized = new Graph("quantized");
        Value x = TestModels.value("x", ElementType.FLOAT, "batch", 2);
        quantized.addInput(x);
        Value scale = quantized.addInitializer("scale", Tensor.ofFloats(new long[0], 1));
        Value codes = TestModels.node(quantized, "QuantizeLinear", "codes", x, scale);
        for (String name : List.of("product0", "positive0", "gate0")) {
            quantized.addOutput(TestModels.node(quantized, "DequantizeLinear", name, codes, scale));
        }
        assertThat(names(chain(1), quantized)).containsExactly("positive0", "gate0");
    }
}
