package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;

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
 * before: Conv(v), Add(v, ...)        the Conv reads v with fewer bits than the Add does
 * after:  v = DequantizeLinear(codes)
 *         Conv(DequantizeLinear(Clip(QuantizeLinear(v)))), Add(v, ...)
 *
 * before: Add(x, c)                  c constant
 * after:  Add(x, DequantizeLinear(codes of c))
 * </pre>
 *
 * <p>Codes of fewer bits than 8 go through a Clip of codes, which is exact: QuantizeLinear
 * saturates at the ends of the type only.
 *
 * <p>The value that all or the float readers see keeps its name. Relu, Clip and Pad work on codes
 * where the runtime would compute them in float; see {@link CodeNodes}.
 */
final class ActivationQuantizer {
    private final IntegerGraph graph;
    private final QuantizedValues quantized;
    private final CodeNodes codeNodes;
    private final Map<Levels, Value> rounded = new HashMap<>();

    /** A value with the levels that it is rounded to once more. */
    private record Levels(Value value, String format, AffineParameters parameters) {}

    /** What rounds a value, and the rounded value. */
    private record Pair(Node quantize, Value real) {}

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
        graph.inputs().forEach(quantizer::input);
    }

    /** Rounds what a node reads, once for all nodes that read a value with the same levels. */
    private void input(Node node, ActivationPlan plan) {
        Value value = Objects.requireNonNull(node.input(0));
        ActivationPlan own = quantized.planOf(value);
        if (own != null && IntegerCheck.sameCodes(own, plan)) {
            return;
        }
        Graph place = Objects.requireNonNull(node.graph());
        node.setInput(
                0,
                rounded.computeIfAbsent(
                        new Levels(value, plan.format().label(), plan.parameters()),
                        _ -> pair(place, value.producer(), value, plan, false).real()));
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
                            _ ->
                                    pair(
                                                    place,
                                                    place == home ? value.producer() : null,
                                                    value,
                                                    plan,
                                                    false)
                                            .real());
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
        Pair pair = pair(home, producer, value, plan, movesCodes(producer));
        Value real = pair.real();
        home.replaceUses(value, real, reader -> reader != pair.quantize());
        if (!delivered) {
            value.setName(home.freshName(name + "_raw"));
            real.setName(name);
            real.setInfo(
                    value.elementType(), value.shape(), value.encodedType(), value.remainder());
        }
        inSubgraphs(real, home, plan);
    }

    /** Whether the codes of a node's output are among those of its input, whose levels it has. */
    private boolean movesCodes(Node node) {
        return graph.nodes().get(node) instanceof MovesData && !node.is("Pad");
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
                        byGraph.computeIfAbsent(
                                place, _ -> pair(place, null, real, plan, true).real()));
            }
        }
    }

    /**
     * {@code DequantizeLinear(QuantizeLinear(value))} behind a node, or at the beginning.
     *
     * @param within whether no number lies beyond the levels
     */
    private Pair pair(
            Graph place, @Nullable Node behind, Value value, ActivationPlan plan, boolean within) {
        Node quantize = quantized.quantize(place, value, plan);
        if (behind == null) {
            place.insertBefore(place.nodes().getFirst(), quantize);
        } else {
            place.insertAfter(behind, quantize);
        }
        Node codes = quantize;
        Node clamp =
                within ? null : quantized.clamp(place, quantize.onlyOutput(), plan).orElse(null);
        if (clamp != null) {
            place.insertAfter(quantize, clamp);
            codes = clamp;
        }
        Node dequantize = quantized.dequantize(place, codes.onlyOutput(), plan);
        place.insertAfter(codes, dequantize);
        return new Pair(quantize, dequantize.onlyOutput());
    }

    private void read(Node reader, Value old, Value replacement) {
        for (int index : graph.activationInputs(reader)) {
            if (reader.input(index) == old) {
                reader.setInput(index, replacement);
            }
        }
    }
}
