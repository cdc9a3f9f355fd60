package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rounds activations to the levels of the plan.
 *
 * <pre>
 * before: v = Conv(...)              for a node that computes in integers
 *         Next(v)
 * after:  v = DequantizeLinear(QuantizeLinear(Conv(...)))
 *         Next(v)                    every reader, so that the runtime sees only QuantizeLinear
 *                                    behind the kernel
 *
 * before: v = LayerNormalization(...)    or an input of the graph
 *         Conv(v), Next(v)
 * after:  Conv(DequantizeLinear(QuantizeLinear(v))), Next(v)
 *
 * before: Add(x, c)                  c constant
 * after:  Add(x, DequantizeLinear(codes of c))
 * </pre>
 *
 * <p>The value that all or the float readers see keeps its name. Relu, Clip and Pad work on codes
 * where the runtime would compute them in float; see {@link CodeNodes}.
 */
final class ActivationQuantizer {
    private final IntegerGraph graph;
    private final QuantizedValues quantized;
    private final CodeNodes codeNodes;

    private ActivationQuantizer(IntegerGraph graph, EncodingContext context) {
        this.graph = graph;
        this.quantized = new QuantizedValues(context.constants());
        this.codeNodes = new CodeNodes(graph, quantized);
    }

    /** Rewrites the graph, whose nodes are in order. */
    static void apply(IntegerGraph graph, EncodingContext context, Graph root) {
        if (graph.activations().isEmpty()) {
            return;
        }
        ActivationQuantizer quantizer = new ActivationQuantizer(graph, context);
        List<Value> unmade =
                graph.activations().keySet().stream()
                        .filter(value -> value.producer() == null)
                        .toList();
        unmade.forEach(quantizer::quantize);
        for (Node node : root.allNodes()) {
            // A copy: the outputs of a node change while it is gone through.
            for (@Nullable Value output : node.outputs().toArray(Value[]::new)) {
                if (output != null && graph.activations().containsKey(output)) {
                    quantizer.quantize(output);
                }
            }
        }
    }

    private void quantize(Value value) {
        ActivationPlan plan = Objects.requireNonNull(graph.activations().get(value));
        Tensor constant = graph.constants().resolve(value).orElse(null);
        if (constant != null) {
            constant(value, constant, plan);
        } else if (graph.isInteger(value.producer())) {
            madeInIntegers(value, plan);
        } else {
            madeInFloat(value, plan);
        }
    }

    private void constant(Value value, Tensor tensor, ActivationPlan plan) {
        List<Node> readers = graph.integerReaders(value);
        if (readers.isEmpty()) {
            return;
        }
        Graph home = Objects.requireNonNull(value.graph());
        Value codes =
                home.addInitializer(
                        home.freshName(value.name() + ".codes"), ConstantCodes.of(tensor, plan));
        Map<Graph, Value> byGraph = new HashMap<>();
        for (Node reader : readers) {
            Graph place = Objects.requireNonNull(reader.graph());
            Value real =
                    byGraph.computeIfAbsent(
                            place,
                            _ -> {
                                Node dequantize = quantized.dequantize(place, codes, plan);
                                place.insertBefore(reader, dequantize);
                                return dequantize.onlyOutput();
                            });
            read(reader, value, real);
        }
        DeadConstants.remove(value);
    }

    private void madeInFloat(Value value, ActivationPlan plan) {
        Graph home = Objects.requireNonNull(value.graph());
        Map<Graph, Value> byGraph = new HashMap<>();
        for (Node reader : graph.integerReaders(value)) {
            Graph place = Objects.requireNonNull(reader.graph());
            Value real =
                    byGraph.computeIfAbsent(
                            place,
                            _ -> pair(place, place == home ? value.producer() : null, value, plan));
            read(reader, value, real);
        }
    }

    private void madeInIntegers(Value value, ActivationPlan plan) {
        Node producer = Objects.requireNonNull(value.producer());
        Graph home = Objects.requireNonNull(value.graph());
        if (codeNodes.replace(producer, value, plan)) {
            // A node on codes delivers the value under its name already.
            inSubgraphs(value, home, plan);
            return;
        }
        String name = value.name();
        boolean delivered = value.isGraphOutput();
        Value real = pair(home, producer, value, plan);
        Node quantize =
                Objects.requireNonNull(Objects.requireNonNull(real.producer()).input(0)).producer();
        home.replaceUses(value, real, reader -> reader != quantize);
        if (!delivered) {
            value.setName(home.freshName(name + "_raw"));
            real.setName(name);
            real.setInfo(
                    value.elementType(), value.shape(), value.encodedType(), value.remainder());
        }
        inSubgraphs(real, home, plan);
    }

    /**
     * Integer nodes of subgraphs get nodes of their own: the runtime looks for QuantizeLinear and
     * DequantizeLinear in the same graph. Rounding twice to the same levels changes nothing.
     */
    private void inSubgraphs(Value real, Graph home, ActivationPlan plan) {
        Map<Graph, Value> byGraph = new HashMap<>();
        for (Node reader : graph.integerReaders(real)) {
            Graph place = Objects.requireNonNull(reader.graph());
            if (place != home) {
                read(
                        reader,
                        real,
                        byGraph.computeIfAbsent(place, _ -> pair(place, null, real, plan)));
            }
        }
    }

    /** {@code DequantizeLinear(QuantizeLinear(value))} behind a node, or at the beginning. */
    private Value pair(Graph place, @Nullable Node behind, Value value, ActivationPlan plan) {
        Node quantize = quantized.quantize(place, value, plan);
        Node dequantize = quantized.dequantize(place, quantize.onlyOutput(), plan);
        if (behind == null) {
            place.insertBefore(place.nodes().getFirst(), quantize);
        } else {
            place.insertAfter(behind, quantize);
        }
        place.insertAfter(quantize, dequantize);
        return dequantize.onlyOutput();
    }

    private void read(Node reader, Value old, Value replacement) {
        for (int index : graph.activationInputs(reader)) {
            if (reader.input(index) == old) {
                reader.setInput(index, replacement);
            }
        }
    }
}
