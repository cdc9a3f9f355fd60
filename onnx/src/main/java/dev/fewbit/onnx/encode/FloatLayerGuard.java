package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport.FloatOnly;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps layers float that the plan wants float.
 *
 * <p>ONNX Runtime (1.29 and 1.30) rounds the float weights of a Conv, ConvTranspose, Gemm or MatMul
 * with an Add by itself, to 8 bits with one scale for the whole tensor, when the layer reads a
 * DequantizeLinear and a QuantizeLinear follows, with nothing but a Relu, a Clip or nodes that move
 * data between. A layer that was left float because it is sensitive is then worse than before, and
 * behind a Relu also slower than in float. A node that the runtime does not know in this place
 * prevents it; Sum of one operand does nothing at next to no cost: it writes in place.
 *
 * <pre>
 * before: QuantizeLinear(Relu(Conv(DequantizeLinear(...), w)))     w float
 * after:  QuantizeLinear(Sum(Relu(Conv(DequantizeLinear(...), w))))
 * </pre>
 */
final class FloatLayerGuard {
    private final Constants constants;

    private FloatLayerGuard(Constants constants) {
        this.constants = constants;
    }

    /** Puts guards into a graph whose activations have been quantized. */
    static void apply(Model model) {
        FloatLayerGuard guard = new FloatLayerGuard(new Constants(model));
        Set<Value> guarded = new HashSet<>();
        for (Node node : model.graph().allNodes()) {
            Value input = node.is("QuantizeLinear") ? node.input(0) : null;
            if (input != null && guarded.add(input) && guard.isTakenForInteger(input)) {
                insert(input);
            }
        }
    }

    /** One guard for all QuantizeLinear nodes in its graph that read a value. */
    private static void insert(Value value) {
        for (Node reader : value.consumers()) {
            if (reader.is("QuantizeLinear")) {
                Graph graph = Objects.requireNonNull(reader.graph());
                NodeInserter nodes = new NodeInserter(graph, reader, value.name());
                reader.setInput(0, nodes.add("Sum", value));
            }
        }
    }

    /** Whether the runtime would round the weights of the layer that a value comes from. */
    private boolean isTakenForInteger(Value value) {
        Value made = behindMoves(value, true);
        Node layer = made == null ? null : made.producer();
        if (layer != null && layer.is("Add")) {
            layer = productOf(layer);
        }
        if (layer == null || !layer.domain().isEmpty()) {
            return false;
        }
        return switch (layer.opType()) {
            case "Conv", "ConvTranspose", "Gemm", "MatMul" ->
                    isDequantized(layer.input(0)) && !isDequantized(layer.input(1));
            default -> false;
        };
    }

    private static @Nullable Node productOf(Node add) {
        for (Value operand : add.inputs()) {
            Node producer = operand == null ? null : operand.producer();
            if (producer != null && producer.is("MatMul")) {
                return producer;
            }
        }
        return null;
    }

    private boolean isDequantized(@Nullable Value value) {
        Value origin = behindMoves(value, false);
        Node producer = origin == null ? null : origin.producer();
        return producer != null && producer.is("DequantizeLinear");
    }

    /** Where the numbers of a value come from. */
    private @Nullable Value behindMoves(@Nullable Value value, boolean limitsToo) {
        Value origin = value;
        while (origin != null
                && origin.producer() != null
                && moves(Objects.requireNonNull(origin.producer()), limitsToo)) {
            origin = Objects.requireNonNull(origin.producer()).input(0);
        }
        return origin;
    }

    private boolean moves(Node node, boolean limitsToo) {
        return switch (IntegerOperators.of(node, constants)) {
            case MovesData _ -> true;
            case Limits _ -> limitsToo;
            case Kernel _, FloatOnly _ -> false;
        };
    }
}
