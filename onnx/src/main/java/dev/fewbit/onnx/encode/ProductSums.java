package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * Keeps integer products integer behind which something float is added.
 *
 * <p>ONNX Runtime makes a Gemm of a MatMul of matrices and the Add behind it, before it looks for
 * integer kernels, and has none for a Gemm that adds floats: the weights are turned into floats at
 * every run, and the product is about six times slower. It does not know Sum, which adds as well.
 * Products of stacks of matrices are not concerned, nor are biases that are stored as int32.
 *
 * <pre>
 * before: Add(MatMul(DequantizeLinear(...), DequantizeLinear(...)), r)
 * after:  Sum(MatMul(DequantizeLinear(...), DequantizeLinear(...)), r)
 * </pre>
 */
final class ProductSums {
    private ProductSums() {}

    /**
     * Rewrites a graph whose activations have not been quantized yet.
     *
     * @param integers what computes in integers
     */
    static void apply(IntegerGraph integers, Model model) {
        List<Node> adds =
                model.graph().allNodes().stream()
                        .filter(node -> node.is("Add") && !integers.isInteger(node))
                        .filter(
                                node ->
                                        node.inputs().stream()
                                                .anyMatch(input -> isRaw(input, integers)))
                        .toList();
        if (adds.isEmpty()) {
            return;
        }
        ValueShapes shapes = ValueShapes.of(model);
        for (Node add : adds) {
            if (mayBeMatrix(shapes.shape(add.output(0)))) {
                becomeSum(add);
            }
        }
    }

    /** Whether a value is an integer product that is not rounded to codes. */
    private static boolean isRaw(@Nullable Value value, IntegerGraph integers) {
        Node producer = value == null ? null : value.producer();
        return producer != null
                && producer.is("MatMul")
                && integers.isInteger(producer)
                && !integers.activations().containsKey(value);
    }

    /** Where we do not know how many axes there are, the runtime may still find out. */
    private static boolean mayBeMatrix(long @Nullable [] shape) {
        return shape == null || shape.length <= 2;
    }

    private static void becomeSum(Node add) {
        Node sum = new Node("Sum", add.name(), add.input(0), add.input(1));
        Objects.requireNonNull(add.graph()).replace(add, sum);
    }
}
