package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value and all layers that multiply its channels by weights of their own, in integers.
 *
 * @param input the value
 * @param behind axes behind that of the channels: 0 for matrix products, 2 for pictures
 * @param layers the layers, at least one
 */
record ActivationGroup(Value input, int behind, List<LinearLayer> layers) {

    /** Copies the list. */
    ActivationGroup {
        layers = List.copyOf(layers);
    }

    /**
     * The groups of integer layers, in the order of the graph. Layers whose weights other nodes
     * read too are left out, because the weights would have to be stored twice.
     */
    static List<ActivationGroup> of(List<Node> integerLayers, Constants constants) {
        Map<Value, List<LinearLayer>> byInput = new LinkedHashMap<>();
        for (Node node : integerLayers) {
            LinearLayer layer = LinearLayer.of(node, constants).orElse(null);
            Value weight = node.input(1);
            boolean fits =
                    layer != null
                            && weight != null
                            && SoleReader.of(weight) == node
                            && node.intAttribute("group", 1) == 1
                            && node.intAttribute("transA", 0) == 0
                            && constants.resolve(layer.input()).isEmpty();
            if (layer != null && fits) {
                byInput.computeIfAbsent(layer.input(), _ -> new ArrayList<>()).add(layer);
            }
        }
        List<ActivationGroup> groups = new ArrayList<>();
        byInput.forEach(
                (input, layers) -> {
                    int behind = behind(layers.getFirst());
                    int channels = channels(layers.getFirst());
                    boolean alike =
                            layers.stream()
                                    .allMatch(
                                            each ->
                                                    behind(each) == behind
                                                            && channels(each) == channels);
                    if (alike && channels > 1) {
                        groups.add(new ActivationGroup(input, behind, layers));
                    }
                });
        return groups;
    }

    private static int behind(LinearLayer layer) {
        return layer.isConvolution() ? layer.weightRank() - 2 : 0;
    }

    private static int channels(LinearLayer layer) {
        return layer.inputChannels().channels();
    }

    /** Number of channels. */
    int channels() {
        return channels(layers.getFirst());
    }

    /** The axis of the channels as observations take it. */
    int axis() {
        return behind == 0 ? -1 : 1;
    }

    /** The nodes that hold the weights. */
    List<Node> nodes() {
        return layers.stream().map(LinearLayer::node).toList();
    }

    /** The weights, and the axis along which the channels lie in them. */
    List<ChannelAxis> weights() {
        return layers.stream()
                .map(each -> new ChannelAxis(each.weightName(), each.inputChannels().axis()))
                .toList();
    }

    /** The largest weight that multiplies each channel. */
    float[] weightMagnitudes() {
        float[] largest = new float[channels()];
        for (LinearLayer layer : layers) {
            double[] magnitudes = layer.inputChannels().magnitudes(layer.weights());
            for (int channel = 0; channel < largest.length; channel++) {
                largest[channel] = Math.max(largest[channel], (float) magnitudes[channel]);
            }
        }
        return largest;
    }
}
