package dev.fewbit.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class GraphTest {
    private Graph graph;
    private Value x;
    private Value weight;
    private Node matMul;
    private Node relu;

    /** x, weight -> MatMul -> product -> Relu -> y. */
    @BeforeEach
    void build() {
        graph = new Graph("g");
        x = new Value("x");
        graph.addInput(x);
        weight = graph.addInitializer("weight", Tensor.ofFloats(new long[] {1, 1}, 2));
        matMul = new Node("MatMul", "matmul", x, weight);
        matMul.addOutput("product");
        graph.add(matMul);
        relu = new Node("Relu", "relu", matMul.onlyOutput());
        graph.addOutput(relu.addOutput("y"));
        graph.add(relu);
        graph.verify();
    }

    private Node ifNode(Value captured) {
        Graph branch = new Graph("branch");
        Node inner = new Node("Neg", "inner", captured);
        branch.add(inner);
        branch.addOutput(inner.addOutput("negated"));
        Node node = new Node("If", "if", x);
        node.setAttribute("then_branch", new AttributeValue.GraphValue(branch));
        return node;
    }

    @Test
    void valuesKnowTheirEnds() {
        assertThat(matMul.onlyOutput().producer()).isSameAs(matMul);
        assertThat(matMul.onlyOutput().consumers()).containsExactly(relu);
        assertThat(weight.initializer()).isNotNull();
        assertThat(x.isGraphInput()).isTrue();
        assertThat(relu.onlyOutput().isGraphOutput()).isTrue();
        assertThat(x.producer()).isNull();
        assertThat(x.graph()).isSameAs(graph);
    }

    @Test
    void aValueUsedTwiceByANodeLosesItAfterTheSecondRemoval() {
        Node add = new Node("Add", "add", x, x);
        add.setInput(0, weight);
        assertThat(x.consumers()).contains(add);
        add.setInput(1, null);
        assertThat(x.consumers()).doesNotContain(add);
        assertThat(add.inputs()).containsExactly(weight, null);
        add.removeInputsFrom(0);
        assertThat(weight.consumers()).containsExactly(matMul);
    }

    @Test
    void replaceKeepsOutputsAndTheirUsers() {
        Value product = matMul.onlyOutput();
        Node quantized = new Node("com.microsoft", "MatMulNBits", "quantized");
        quantized.addInput(x);

        graph.replace(matMul, quantized);

        assertThat(quantized.onlyOutput()).isSameAs(product);
        assertThat(relu.input(0)).isSameAs(product);
        assertThat(graph.nodes()).containsExactly(quantized, relu);
        assertThat(matMul.graph()).isNull();
        assertThat(weight.isUsed()).isFalse();
        graph.removeUnused();
        assertThat(graph.initializers()).isEmpty();
        graph.verify();
    }

    @Test
    void replaceAllUsesPutsANodeBehindAValue() {
        Value product = matMul.onlyOutput();
        Node quantize = new Node("QuantizeLinear", "q", product);
        Value quantized = quantize.addOutput("q_out");
        graph.insertAfter(matMul, quantize);

        graph.replaceAllUses(product, quantized);

        assertThat(quantize.input(0)).isSameAs(product);
        assertThat(relu.input(0)).isSameAs(quantized);
        graph.verify();
    }

    @Test
    void graphOutputsKeepTheirNames() {
        Value y = relu.onlyOutput();
        y.setType(ElementType.FLOAT, Shape.of(1, 1));
        Node scale = new Node("Mul", "scale", y, weight);
        Value scaled = scale.addOutput("scaled");
        graph.add(scale);

        graph.replaceAllUses(y, scaled);

        assertThat(graph.outputs()).containsExactly(scaled);
        assertThat(scaled.name()).isEqualTo("y");
        assertThat(scaled.shape()).isEqualTo(Shape.of(1, 1));
        assertThat(y.name()).isEqualTo("y_replaced");
        assertThat(scale.input(0)).isSameAs(y);
        graph.verify();
    }

    @Test
    void anOutputReplacedByAnInputGoesThroughIdentity() {
        Value y = relu.onlyOutput();

        graph.replaceAllUses(y, x);

        Value output = graph.outputs().getFirst();
        assertThat(output.name()).isEqualTo("y");
        assertThat(output.producer().opType()).isEqualTo("Identity");
        assertThat(output.producer().input(0)).isSameAs(x);
        graph.removeUnused();
        assertThat(graph.nodes()).containsExactly(output.producer());
        graph.verify();
    }

    @Test
    void nodesInSubgraphsAreConsumers() {
        Value product = matMul.onlyOutput();
        Node condition = ifNode(product);
        graph.insertBefore(relu, condition);
        Node inner = condition.subgraphs().getFirst().nodes().getFirst();

        assertThat(product.consumers()).containsExactly(relu, inner);
        assertThat(condition.subgraphs().getFirst().parent()).isSameAs(graph);
        assertThat(graph.allNodes()).containsExactly(matMul, condition, inner, relu);
        graph.verify();

        graph.replaceAllUses(product, x);
        assertThat(inner.input(0)).isSameAs(x);
        graph.remove(condition);
        assertThat(x.consumers()).containsExactly(matMul, relu);
    }

    @Test
    void subgraphsMoveToAnotherNode() {
        Node old = ifNode(x);
        old.addOutput("chosen");
        graph.add(old);
        Graph branch = old.subgraphs().getFirst();
        Node replacement = new Node("If", "new_if", x);
        replacement.setAttribute(old.attribute("then_branch"));

        graph.replace(old, replacement);

        assertThat(branch.owner()).isSameAs(replacement);
        assertThat(x.consumers()).contains(branch.nodes().getFirst());
        graph.verify();
        replacement.removeAttribute("then_branch");
        assertThat(x.consumers()).containsExactly(matMul, replacement);
    }

    @Test
    void usedNodesCannotBeRemoved() {
        assertThatThrownBy(() -> graph.remove(matMul))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("product is still used by [Relu \"relu\"]");
        assertThatThrownBy(() -> graph.remove(relu))
                .hasMessageContaining("as an output of the graph");
    }

    @Test
    void sortMovesOnlyWhatItMust() {
        Node early = new Node("Exp", "early", relu.onlyOutput());
        early.addOutput("e");
        Node free = new Node("Abs", "free", x);
        free.addOutput("f");
        graph.insertBefore(matMul, early);
        graph.insertBefore(matMul, free);
        Node condition = ifNode(relu.onlyOutput());
        graph.insertBefore(matMul, condition);
        assertThat(graph.isSorted()).isFalse();

        graph.sort();

        assertThat(graph.nodes()).containsExactly(free, matMul, relu, early, condition);
        assertThat(graph.isSorted()).isTrue();
    }

    @Test
    void cyclesAreFoundAndNamed() {
        matMul.setInput(1, relu.onlyOutput());

        assertThatThrownBy(graph::verify)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("cycle")
                .hasMessageContaining("matmul");
        assertThatThrownBy(graph::sort).isInstanceOf(InvalidGraphException.class);
    }

    @Test
    void verifyNamesTheCulprit() {
        relu.setInput(0, new Value("nowhere"));
        assertThatThrownBy(graph::verify)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("Relu \"relu\"");

        build();
        matMul.onlyOutput().setName("x");
        assertThatThrownBy(graph::verify)
                .hasMessageContaining("Two values")
                .hasMessageContaining("MatMul");

        build();
        Graph elsewhere = new Graph("elsewhere");
        Value foreign = elsewhere.addInitializer("foreign", Tensor.ofFloats(new long[0], 1));
        relu.setInput(0, foreign);
        assertThatThrownBy(graph::verify)
                .hasMessageContaining("elsewhere")
                .hasMessageContaining("not around it");
    }

    @Test
    void freshNamesAreFreeInTheWholeModel() {
        Node condition = ifNode(x);
        graph.add(condition);
        Graph branch = condition.subgraphs().getFirst();

        assertThat(graph.freshName("new")).isEqualTo("new");
        assertThat(graph.freshName("new")).isEqualTo("new_1");
        assertThat(branch.freshName("new")).isEqualTo("new_2");
        assertThat(graph.freshName("negated")).isEqualTo("negated_1");
        assertThat(graph.freshName("inner")).isEqualTo("inner_1");
        assertThat(branch.freshName("product")).isEqualTo("product_1");
    }

    @Test
    void valuesAreDefinedOnce() {
        assertThatThrownBy(() -> relu.addOutput(x)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> graph.addInput(matMul.onlyOutput()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> graph.add(matMul)).hasMessageContaining("already in graph");
        assertThatThrownBy(() -> new Graph("other").insertAfter(matMul, new Node("A", "a")))
                .hasMessageContaining("is not in graph");
    }

    @Test
    void attributesAreTyped() {
        relu.setAttribute("axis", 3);
        relu.setAttribute("alpha", 0.5f);
        relu.setAttribute("mode", "linear");
        relu.setAttribute("perm", new long[] {1, 0});

        assertThat(relu.intAttribute("axis", -1)).isEqualTo(3);
        assertThat(relu.intAttribute("absent", -1)).isEqualTo(-1);
        assertThat(relu.floatAttribute("alpha", 0)).isEqualTo(0.5f);
        assertThat(relu.stringAttribute("mode", "")).isEqualTo("linear");
        assertThat(relu.intsAttribute("perm")).containsExactly(1, 0);
        assertThat(relu.intsAttribute("absent")).isNull();
        assertThatThrownBy(() -> relu.intAttribute("mode", 0))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("mode")
                .hasMessageContaining("an integer");
    }

    @Test
    void theDefaultDomainHasTwoSpellings() {
        Model model = new Model(10, graph);
        model.setOpset("ai.onnx", 13);
        model.setOpset("", 21);

        assertThat(model.opset("ai.onnx")).hasValue(21);
        assertThat(model.opsets()).hasSize(1);
        assertThat(new Node("ai.onnx", "Relu", "r").is("Relu")).isTrue();
        assertThat(new Node("org.custom", "Relu", "r").is("Relu")).isFalse();
    }

    @Test
    void initializersListedAsInputsGoTogether() {
        graph.removeInitializer(weight);
        Value listed = new Value("listed");
        graph.addInput(listed);
        graph.setInitializer(listed, Tensor.ofFloats(new long[0], 1));
        assertThat(graph.inputs()).containsExactly(x, listed);

        graph.removeInitializer(listed);

        assertThat(graph.inputs()).isEqualTo(List.of(x));
        assertThat(listed.graph()).isNull();
    }
}
