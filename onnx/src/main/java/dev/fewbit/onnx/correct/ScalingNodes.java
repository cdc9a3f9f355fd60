package dev.fewbit.onnx.correct;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * Puts a {@code Mul} by one factor per channel behind a value.
 *
 * <pre>{@code
 * MatMul(x, w)                      becomes    Mul(x, 1 / s) -> x_smoothed; MatMul(x_smoothed, w)
 * Conv(x, w, b) -> y                becomes    Conv(x, w, b) -> y_scaled; Mul(y_scaled, s) -> y
 * }</pre>
 */
final class ScalingNodes {
    private ScalingNodes() {}

    /** For some readers of a value. */
    static void putBehind(Value value, Set<Node> readers, double[] factors) {
        int behind = -1;
        for (Node reader : readers) {
            int axes = axesBehindChannels(reader);
            if (!reader.inputs().contains(value) || (behind >= 0 && axes != behind)) {
                throw new CorrectionException(
                        "the plan rescales the channels of '"
                                + value
                                + "' for "
                                + readers
                                + ", but not all of these read it as the same channels; is it the"
                                + " plan of another model?");
            }
            behind = axes;
        }
        Graph graph = Objects.requireNonNull(value.graph(), "a value in no graph");
        Node mul = mul(graph, value, value.name() + "/Smoothing", factors, behind);
        Value smoothed = mul.addOutput(graph.freshName(value.name() + "_smoothed"));
        smoothed.setType(value.elementType(), value.shape());
        for (Node reader : readers) {
            for (int i = 0; i < reader.inputs().size(); i++) {
                if (reader.input(i) == value) {
                    reader.setInput(i, smoothed);
                }
            }
        }
        Node producer = value.producer();
        if (producer == null) {
            graph.insertBefore(graph.nodes().getFirst(), mul);
        } else {
            graph.insertAfter(producer, mul);
        }
    }

    /**
     * For all readers of a value; the new node makes it.
     *
     * @param layer the nodes that make the value, or lead to it, with constants
     */
    static void restore(Value value, Set<Node> layer, double[] factors) {
        Node producer = value.producer();
        if (producer == null) {
            throw new CorrectionException(
                    "the plan rescales the output channels of the node that makes '"
                            + value
                            + "', but no node does; is it the plan of another model?");
        }
        int behind = layer.stream().mapToInt(ScalingNodes::axesBehindChannels).max().orElse(0);
        Graph graph = Objects.requireNonNull(producer.graph(), "node was removed");
        if (producer.name().isEmpty()) {
            // Plans know a node without a name by its output.
            producer.setName(value.name());
        }
        int index = producer.outputs().indexOf(value);
        producer.releaseOutput(index);
        Value scaled = new Value(graph.freshName(value.name() + "_scaled"));
        scaled.setType(value.elementType(), value.shape());
        producer.setOutput(index, scaled);
        Node mul = mul(graph, scaled, value.name() + "/Restoring", factors, behind);
        graph.insertAfter(producer, mul);
        mul.addOutput(value);
    }

    private static Node mul(Graph graph, Value value, String name, double[] factors, int behind) {
        float[] rounded = new float[factors.length];
        for (int channel = 0; channel < factors.length; channel++) {
            rounded[channel] = (float) factors[channel];
        }
        long[] shape = new long[1 + Math.max(0, behind)];
        Arrays.fill(shape, 1);
        shape[0] = factors.length;
        String fresh = graph.freshName(name);
        Value constant =
                graph.addInitializer(
                        graph.freshName(fresh + ".factors"), Tensor.ofFloats(shape, rounded));
        return new Node("Mul", fresh, value, constant);
    }

    /** Axes behind that of the channels: the spatial ones of a convolution. */
    private static int axesBehindChannels(Node node) {
        if (!node.is("Conv") && !node.is("ConvTranspose")) {
            return 0;
        }
        Value weight = Objects.requireNonNull(node.input(1), "a convolution has weights");
        Tensor tensor = weight.initializer();
        if (tensor == null && weight.producer() != null) {
            tensor = weight.producer().tensorAttribute("value");
        }
        return tensor == null ? 2 : tensor.rank() - 2;
    }
}
