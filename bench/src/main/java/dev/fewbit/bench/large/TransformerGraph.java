package dev.fewbit.bench.large;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds the graph of a decoder-only transformer with random weights.
 *
 * <pre>
 * input_ids [batch, tokens] -> Gather(table)
 *   -> layers times:  x + o(attention(q(norm x), k(norm x), v(norm x)))
 *                     x + down(silu(gate(norm x)) * up(norm x))
 *   -> norm -> norm_output [batch, tokens, width]
 * </pre>
 *
 * <p>All products are {@code MatMul} with a constant right operand [inputs, outputs]; the attention
 * is causal. Operator set 17.
 */
final class TransformerGraph {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final float MASKED = -1e9f;
    private static final Dimension BATCH = new Dimension.Symbolic("batch");
    private static final Dimension TOKENS = new Dimension.Symbolic("tokens");

    private final TransformerSize size;
    private final long seed;
    private final Graph graph = new Graph("transformer");
    private int tensors;

    private TransformerGraph(TransformerSize size, long seed) {
        this.size = size;
        this.seed = seed;
    }

    /** The model; its weights come into being while it is written. */
    static Model build(TransformerSize size, long seed) {
        TransformerGraph builder = new TransformerGraph(size, seed);
        builder.build();
        Model model = new Model(IR_VERSION, builder.graph);
        model.setOpset("", OPSET);
        model.setProducer("fewbit-bench", "");
        return model;
    }

    private void build() {
        Value ids = new Value("input_ids");
        ids.setType(ElementType.INT64, new Shape(List.of(BATCH, TOKENS)));
        graph.addInput(ids);
        Value table = weight("embed_tokens.weight", 1, size.vocabulary(), size.width());
        Value hidden = node("Gather", "embed_tokens", table, ids);
        Value mask = mask(ids);
        for (int layer = 0; layer < size.layers(); layer++) {
            String name = "layers." + layer;
            hidden =
                    node(
                            "Add",
                            name + ".self_attn.residual",
                            hidden,
                            attention(
                                    name + ".self_attn", norm(name + ".input_norm", hidden), mask));
            hidden =
                    node(
                            "Add",
                            name + ".mlp.residual",
                            hidden,
                            perceptron(name + ".mlp", norm(name + ".post_norm", hidden)));
        }
        Value output = norm("norm", hidden);
        output.setType(
                ElementType.FLOAT,
                new Shape(List.of(BATCH, TOKENS, new Dimension.Known(size.width()))));
        graph.addOutput(output);
    }

    /** [tokens, tokens]: 0 up to the diagonal and a large negative number above. */
    private Value mask(Value ids) {
        Value shape = node("Shape", "mask.shape", ids);
        Value length = node("Gather", "mask.length", shape, longs("mask.axis", 1));
        Value square =
                node("Concat", "mask.square", node -> node.setAttribute("axis", 0), length, length);
        Value full =
                node(
                        "Expand",
                        "mask.full",
                        graph.addInitializer("mask.value", Tensor.ofFloats(new long[] {}, MASKED)),
                        square);
        Value diagonal = graph.addInitializer("mask.diagonal", Tensor.ofLongs(new long[] {}, 1));
        return node("Trilu", "mask", node -> node.setAttribute("upper", 1), full, diagonal);
    }

    private Value attention(String name, Value input, Value mask) {
        Value query =
                heads(
                        name + ".q",
                        product(name + ".q_proj", input, size.width(), size.width(), 1),
                        0,
                        2,
                        1,
                        3);
        Value key =
                heads(
                        name + ".k",
                        product(name + ".k_proj", input, size.width(), size.width(), 1),
                        0,
                        2,
                        3,
                        1);
        Value value =
                heads(
                        name + ".v",
                        product(name + ".v_proj", input, size.width(), size.width(), 1),
                        0,
                        2,
                        1,
                        3);
        float scale = (float) (1 / Math.sqrt((double) size.width() / size.heads()));
        Value scores =
                node(
                        "Mul",
                        name + ".scale",
                        node("MatMul", name + ".scores", query, key),
                        graph.addInitializer(
                                name + ".scale_value", Tensor.ofFloats(new long[] {}, scale)));
        Value shares =
                node("Softmax", name + ".softmax", node("Add", name + ".mask", scores, mask));
        Value mixed = node("MatMul", name + ".mix", shares, value);
        Value turned = transpose(name + ".turn", mixed, 0, 2, 1, 3);
        Value joined =
                node(
                        "Reshape",
                        name + ".join",
                        turned,
                        longs(name + ".join_shape", 0, 0, size.width()));
        return product(name + ".o_proj", joined, size.width(), size.width(), residualShare());
    }

    /**
     * [batch, tokens, width] to [batch, tokens, heads, rest] and then to the wanted order of axes.
     */
    private Value heads(String name, Value input, long... order) {
        Value split =
                node(
                        "Reshape",
                        name + ".split",
                        input,
                        longs(
                                name + ".split_shape",
                                0,
                                0,
                                size.heads(),
                                size.width() / size.heads()));
        return transpose(name + ".turn", split, order);
    }

    private Value perceptron(String name, Value input) {
        Value gate = product(name + ".gate_proj", input, size.width(), size.inner(), 1);
        Value silu = node("Mul", name + ".silu", gate, node("Sigmoid", name + ".sigmoid", gate));
        Value up = product(name + ".up_proj", input, size.width(), size.inner(), 1);
        Value gated = node("Mul", name + ".gated", silu, up);
        return product(name + ".down_proj", gated, size.inner(), size.width(), residualShare());
    }

    /** What is added 2 * layers times is made smaller, so that the sum does not grow with depth. */
    private double residualShare() {
        return 1 / Math.sqrt(2.0 * size.layers());
    }

    private Value norm(String name, Value input) {
        float[] ones = new float[size.width()];
        Arrays.fill(ones, 1);
        Value scale =
                graph.addInitializer(
                        name + ".weight", Tensor.ofFloats(new long[] {size.width()}, ones));
        return node("LayerNormalization", name, input, scale);
    }

    /** Weights whose spread keeps the size of what flows through them, times {@code factor}. */
    private Value product(String name, Value input, int inputs, int outputs, double factor) {
        return node(
                "MatMul",
                name,
                input,
                weight(name + ".weight", factor / Math.sqrt(inputs), inputs, outputs));
    }

    private Value weight(String name, double deviation, long... shape) {
        return graph.addInitializer(
                name, GaussianWeights.tensor(shape, (float) deviation, seed, tensors++));
    }

    private Value longs(String name, long... values) {
        return graph.addInitializer(name, Tensor.ofLongs(new long[] {values.length}, values));
    }

    private Value transpose(String name, Value input, long... order) {
        return node("Transpose", name, node -> node.setAttribute("perm", order), input);
    }

    private Value node(String operator, String name, Value... inputs) {
        return node(operator, name, node -> {}, inputs);
    }

    private Value node(String operator, String name, Consumer<Node> attributes, Value... inputs) {
        Node node = new Node(operator, name, inputs);
        attributes.accept(node);
        Value output = node.addOutput(name + "_output");
        graph.add(node);
        return output;
    }
}
