package dev.fewbit.onnx.correct;

import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the constants that divide the channels of a value when they are divided themselves: gain
 * and shift of a normalization, or weights and bias of the layer in front, also through a Relu, a
 * product with something computed (the gate of a Llama) or a constant that is added.
 *
 * <p>Nothing else may read what changes on the way.
 */
public final class ScalableChannels {
    private static final int MOST_STEPS = 16;

    private static final Set<String> NORMALIZATIONS =
            Set.of("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization");

    private final Constants constants;
    private final int channels;
    private final int behind;

    private ScalableChannels(Constants constants, int channels, int behind) {
        this.constants = constants;
        this.channels = channels;
        this.behind = behind;
    }

    /**
     * Where factors can go.
     *
     * @param divided the constants
     * @param changed the values whose channels are divided by that, from the last to the first
     * @param layer the node with weights among them; null if there is none
     */
    public record Found(List<ChannelAxis> divided, List<Value> changed, @Nullable Node layer) {

        /** Copies the lists. */
        public Found {
            divided = List.copyOf(divided);
            changed = List.copyOf(changed);
        }

        private Found with(Value value) {
            List<Value> more = new ArrayList<>();
            more.add(value);
            more.addAll(changed);
            return new Found(divided, more, layer);
        }

        private Found with(ChannelAxis constant) {
            List<ChannelAxis> more = new ArrayList<>(divided);
            more.add(constant);
            return new Found(more, changed, layer);
        }
    }

    /**
     * The constants in front of a value.
     *
     * @param value the value
     * @param readers the nodes that are to see its channels divided
     * @param channels number of channels
     * @param behind axes behind that of the channels: 0 where these lie along the last axis, 2 for
     *     pictures
     * @param constants the model's constants
     * @return empty if there are none, or if other nodes read the value, or what changes with it
     */
    public static Optional<Found> before(
            Value value, Collection<Node> readers, int channels, int behind, Constants constants) {
        if (channels < 2
                || value.isGraphOutput()
                || !new HashSet<>(readers).containsAll(value.consumers())) {
            return Optional.empty();
        }
        return new ScalableChannels(constants, channels, behind).divide(value, MOST_STEPS);
    }

    private Optional<Found> divide(Value value, int steps) {
        Node node = value.producer();
        if (node == null || steps == 0 || node.outputs().size() != 1) {
            return Optional.empty();
        }
        Optional<Found> found;
        if (NORMALIZATIONS.contains(node.opType())) {
            found = normalization(node);
        } else if (node.is("Mul")) {
            found = product(node, steps);
        } else if (node.is("Add")) {
            found = sum(node, steps);
        } else if (node.is("Div")) {
            Value divisor = node.input(1);
            boolean constant = divisor != null && constants.resolve(divisor).isPresent();
            found = constant ? onward(node, 0, steps) : Optional.empty();
        } else if (node.is("Relu") || node.is("LeakyRelu") || node.is("Identity")) {
            found = onward(node, 0, steps);
        } else {
            found = layer(node);
        }
        return found.map(each -> each.with(value));
    }

    /** Through an input that nothing else reads. */
    private Optional<Found> onward(Node node, int input, int steps) {
        Value value = node.input(input);
        return value != null && SoleReader.of(value) == node
                ? divide(value, steps - 1)
                : Optional.empty();
    }

    private Optional<Found> normalization(Node node) {
        Optional<ChannelAxis> gain = vector(node.input(1));
        Value shift = node.input(2);
        if (behind != 0 || gain.isEmpty()) {
            return Optional.empty();
        }
        Found found = new Found(List.of(gain.get()), List.of(), null);
        return shift == null ? Optional.of(found) : vector(shift).map(found::with);
    }

    private Optional<Found> product(Node node, int steps) {
        for (int input = 0; input < 2; input++) {
            Optional<ChannelAxis> gain = vector(node.input(input));
            if (gain.isPresent()) {
                return Optional.of(new Found(List.of(gain.get()), List.of(), null));
            }
        }
        Optional<Found> first = onward(node, 0, steps);
        return first.isPresent() ? first : onward(node, 1, steps);
    }

    private Optional<Found> sum(Node node, int steps) {
        for (int input = 0; input < 2; input++) {
            Optional<ChannelAxis> shift = vector(node.input(input));
            if (shift.isPresent()) {
                return onward(node, 1 - input, steps).map(found -> found.with(shift.get()));
            }
        }
        return Optional.empty();
    }

    /** Weights and bias of a layer; the Add behind a MatMul has been passed before. */
    private Optional<Found> layer(Node node) {
        LinearLayer layer = LinearLayer.of(node, constants).orElse(null);
        Value weight = node.input(1);
        int axes = layer == null || !layer.isConvolution() ? 0 : layer.weightRank() - 2;
        if (layer == null
                || weight == null
                || axes != behind
                || layer.outputChannels().channels() != channels
                || (node.is("ConvTranspose") && node.intAttribute("group", 1) != 1)
                || SoleReader.of(weight) != node) {
            return Optional.empty();
        }
        Found found =
                new Found(
                        List.of(new ChannelAxis(weight.name(), layer.outputChannels().axis())),
                        List.of(),
                        node);
        Value bias = node.is("MatMul") ? null : node.input(2);
        if (bias == null) {
            return Optional.of(found);
        }
        Tensor tensor = constants.floats(bias).orElse(null);
        return tensor != null && tensor.elementCount() == channels
                ? Optional.of(found.with(new ChannelAxis(bias.name(), tensor.rank() - 1)))
                : Optional.empty();
    }

    /** A constant with one number for each channel, which spreads along the channels. */
    private Optional<ChannelAxis> vector(@Nullable Value value) {
        Tensor tensor = constants.floats(value).orElse(null);
        if (value == null || tensor == null || tensor.elementCount() != channels) {
            return Optional.empty();
        }
        int axis = tensor.rank() - 1 - behind;
        return axis >= 0 && tensor.dimension(axis) == channels
                ? Optional.of(new ChannelAxis(value.name(), axis))
                : Optional.empty();
    }
}
