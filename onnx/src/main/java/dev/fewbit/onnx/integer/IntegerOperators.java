package dev.fewbit.onnx.integer;

import dev.fewbit.onnx.constant.ClipBounds;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerSupport.FloatOnly;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The operators that ONNX Runtime (1.29, CPU) runs on integers when DequantizeLinear stands before
 * and QuantizeLinear behind them. Every operator has been checked by looking at the graph that the
 * runtime made of such a model, for 8 bits; with 16 bits data is moved, and everything else is
 * computed in float.
 *
 * <p>Activations should be unsigned. On x86, where this was checked, signed ones reach the kernels
 * only if they have a single reader and are no constants; the others are computed in float.
 */
public final class IntegerOperators {
    /** Operators without an integer kernel for which there is more to say than that. */
    private static final Map<String, String> REASONS =
            Map.of(
                    "ConvTranspose", "there is no integer kernel for transposed convolutions",
                    "LSTM", "recurrent layers have kernels for float activations only",
                    "GRU", "recurrent layers have kernels for float activations only",
                    "RNN", "recurrent layers have kernels for float activations only",
                    "Sub", "there is an integer kernel for Add, not for Sub",
                    "GlobalMaxPool", "there is an integer kernel for MaxPool, not for this",
                    "BatchNormalization", "it belongs into the convolution before it");

    private IntegerOperators() {}

    /** What the runtime can do for a node. */
    public static IntegerSupport of(Node node, Constants constants) {
        if (!node.domain().isEmpty()) {
            return new FloatOnly("operators of the domain " + node.domain() + " are left alone");
        }
        IntegerSupport support = standard(node, constants);
        return switch (support) {
            case Kernel kernel -> checked(node, kernel.activations(), kernel, constants);
            case MovesData moves -> checked(node, moves.activations(), moves, constants);
            case Limits limits -> checked(node, limits.activations(), limits, constants);
            case FloatOnly floats -> floats;
        };
    }

    private static IntegerSupport standard(Node node, Constants constants) {
        return switch (node.opType()) {
            case "Conv" -> convolution(node, constants);
            case "Gemm" -> gemm(node, constants);
            case "MatMul" -> matMul(node, constants);
            case "Add", "Mul" -> kernel(0, 1);
            case "Where" -> kernel(1, 2);
            case "Concat" -> new Kernel(all(node), none(), none(), false);
            case "Softmax", "Sigmoid", "LeakyRelu", "GlobalAveragePool" -> kernel(0);
            case "AveragePool" ->
                    node.intsAttribute("dilations") == null
                            ? kernel(0)
                            : new FloatOnly("the integer kernel pools without dilations");
            case "Relu", "Clip" -> clip(node, constants);
            case "Reshape",
                    "Transpose",
                    "Flatten",
                    "Slice",
                    "Squeeze",
                    "Unsqueeze",
                    "Gather",
                    "GatherElements",
                    "Tile",
                    "Expand",
                    "Split",
                    "Identity",
                    "ReduceMax",
                    "ReduceMin",
                    "DepthToSpace",
                    "ArgMax" ->
                    new MovesData(List.of(0));
            case "MaxPool" ->
                    node.output(1) == null
                            ? new MovesData(List.of(0))
                            : new FloatOnly("it also tells where the largest values were");
            case "Resize" ->
                    node.stringAttribute("mode", "nearest").equals("nearest")
                            ? new MovesData(List.of(0))
                            : new FloatOnly("there is an integer kernel for mode nearest only");
            case "Pad" -> pad(node, constants);
            default ->
                    new FloatOnly(
                            REASONS.getOrDefault(
                                    node.opType(),
                                    "there is no integer kernel for " + node.opType()));
        };
    }

    private static IntegerSupport convolution(Node node, Constants constants) {
        Tensor weight = constant(node.input(1), constants);
        return withBias(
                node,
                weight == null ? List.of(0, 1) : List.of(0),
                weight == null ? none() : OptionalInt.of(1),
                false,
                constants);
    }

    private static IntegerSupport gemm(Node node, Constants constants) {
        if (node.floatAttribute("alpha", 1) != 1
                || (node.floatAttribute("beta", 1) != 1 && node.input(2) != null)) {
            return new FloatOnly("the integer kernel takes neither alpha nor beta");
        }
        return product(node, constants);
    }

    private static IntegerSupport matMul(Node node, Constants constants) {
        Tensor right = matrix(node.input(1), constants);
        if (right != null && right.rank() < 2) {
            return new FloatOnly("a product with a constant vector has too little to compute");
        }
        return product(node, constants);
    }

    private static IntegerSupport product(Node node, Constants constants) {
        boolean weight =
                matrix(node.input(1), constants) != null
                        && matrix(node.input(0), constants) == null;
        return withBias(
                node,
                weight ? List.of(0) : List.of(0, 1),
                weight ? OptionalInt.of(1) : none(),
                true,
                constants);
    }

    private static IntegerSupport withBias(
            Node node,
            List<Integer> activations,
            OptionalInt weight,
            boolean outputOptional,
            Constants constants) {
        if (node.input(2) == null) {
            return new Kernel(activations, weight, none(), outputOptional);
        }
        return constant(node.input(2), constants) == null
                ? new FloatOnly("its bias is computed by the network, and must be a constant")
                : new Kernel(activations, weight, OptionalInt.of(2), outputOptional);
    }

    private static IntegerSupport clip(Node node, Constants constants) {
        ClipBounds bounds = ClipBounds.of(node, constants).orElse(null);
        if (bounds == null) {
            return new FloatOnly("its bounds are computed by the network");
        }
        return bounds.areOrdered()
                ? new Limits(List.of(0), bounds.low(), bounds.high())
                : new FloatOnly("its bounds are the wrong way round");
    }

    private static IntegerSupport pad(Node node, Constants constants) {
        Value filling = node.input(2);
        if (filling != null && constants.scalar(filling).isEmpty()) {
            return new FloatOnly("what it fills with is computed by the network");
        }
        return node.stringAttribute("mode", "constant").equals("wrap")
                ? new FloatOnly("there is no integer kernel for mode wrap")
                : new MovesData(List.of(0));
    }

    /** Refuses what is not of 32-bit floats, and nodes that have constants only. */
    private static IntegerSupport checked(
            Node node, List<Integer> activations, IntegerSupport support, Constants constants) {
        boolean computed = false;
        for (int input = 0; input < node.inputs().size(); input++) {
            Value value = node.input(input);
            boolean relevant =
                    activations.contains(input)
                            || (support instanceof Kernel kernel
                                    && (kernel.weight().equals(OptionalInt.of(input))
                                            || kernel.bias().equals(OptionalInt.of(input))));
            if (value == null || !relevant) {
                continue;
            }
            Tensor tensor = matrix(value, constants);
            ElementType type = tensor == null ? value.elementType() : tensor.elementType();
            if (type != null && type != ElementType.FLOAT) {
                return new FloatOnly(
                        "integer kernels take the place of 32-bit floats, not of " + type);
            }
            computed |= tensor == null;
        }
        return computed ? support : new FloatOnly("what it could quantize is constant");
    }

    private static @Nullable Tensor constant(@Nullable Value value, Constants constants) {
        return value == null ? null : constants.resolve(value).orElse(null);
    }

    /** A constant, possibly behind nodes that turn a matrix over. */
    private static @Nullable Tensor matrix(@Nullable Value value, Constants constants) {
        Value source = value == null ? null : Constants.origin(value);
        Node producer = source == null ? null : source.producer();
        while (producer != null && producer.is("Transpose")) {
            Value input = producer.input(0);
            source = input == null ? null : Constants.origin(input);
            producer = source == null ? null : source.producer();
        }
        return constant(source, constants);
    }

    private static Kernel kernel(Integer... activations) {
        return new Kernel(List.of(activations), none(), none(), false);
    }

    private static List<Integer> all(Node node) {
        List<Integer> all = new ArrayList<>();
        for (int input = 0; input < node.inputs().size(); input++) {
            all.add(input);
        }
        return all;
    }

    private static OptionalInt none() {
        return OptionalInt.empty();
    }
}
