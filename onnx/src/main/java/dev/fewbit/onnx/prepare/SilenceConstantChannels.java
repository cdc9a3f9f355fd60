package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.ClipBounds;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;

import java.util.Optional;

/**
 * Weights of channels that are the same number whatever the model is fed become zero, and the
 * number goes into the bias.
 *
 * <pre>{@code
 * Conv(x, w, b) -> Relu -> Conv(., v, c)      with b[0] + sum |w[0]| |x| < 0 for all x
 *     becomes the same                        with w[0] = 0, b[0] = 0 and v[:, 0] = 0
 * }</pre>
 *
 * <p>Training switches channels off and never touches their weights again, so folding a batch
 * normalization with a variance of nearly 0 leaves the largest weights of a layer exactly where
 * they have no effect. With one scale per tensor they would take all levels from the weights that
 * matter.
 *
 * <p>That a channel is constant is proved by interval arithmetic, see {@link ChannelRanges}.
 */
final class SilenceConstantChannels implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Constants constants = new Constants(model);
        ChannelRanges ranges = new ChannelRanges(model.graph(), constants);
        boolean changed = false;
        for (Node node : model.graph().nodes()) {
            if (node.graph() == null) {
                continue;
            }
            Optional<LinearLayer> found = LinearLayer.of(node, constants);
            if (found.isEmpty()) {
                ranges.conclude(node);
                continue;
            }
            LinearLayer layer = found.get();
            boolean owns = ownsWeights(layer);
            int silenced = owns ? silenceInputs(layer, ranges) : 0;
            ranges.conclude(layer);
            int before = silenced;
            silenced += owns ? silenceOutputs(layer, ranges, constants) : 0;
            if (silenced > before) {
                ranges.conclude(layer);
            }
            if (silenced > 0) {
                changed = true;
                notes.done(
                        node,
                        "Channels that are constant whatever the model is fed lost their weights: "
                                + silenced
                                + ".");
            }
        }
        return changed;
    }

    private static boolean ownsWeights(LinearLayer layer) {
        Value weight = layer.node().input(1);
        return weight != null && SoleReader.of(weight) != null;
    }

    private static int silenceInputs(LinearLayer layer, ChannelRanges ranges) {
        ChannelRanges.Range read = ranges.known(layer.input());
        ChannelMap inputs = layer.inputChannels();
        ChannelMap outputs = layer.outputChannels();
        if (read == null || read.low().length != inputs.channels() || !read.hasConstants()) {
            return 0;
        }
        boolean unpadded = !layer.isConvolution() || ChannelRanges.isUnpadded(layer.node());
        double alpha = layer.node().is("Gemm") ? layer.node().floatAttribute("alpha", 1) : 1;
        float[] weights = layer.weights();
        double[] bias = layer.bias();
        boolean[] silenced = new boolean[inputs.channels()];
        boolean shifts = false;
        for (int i = 0, at = 0; i < inputs.first(); i++) {
            for (int j = 0; j < inputs.second(); j++) {
                int channel = inputs.channel(i, j);
                double value = read.low()[channel];
                boolean constant = read.isConstant(channel) && (value == 0 || unpadded);
                for (int k = 0; k < inputs.rest(); k++, at++) {
                    if (constant && weights[at] != 0) {
                        bias[outputs.channel(i, j)] += alpha * weights[at] * value;
                        shifts |= value != 0;
                        weights[at] = 0;
                        silenced[channel] = true;
                    }
                }
            }
        }
        return store(layer, weights, bias, shifts, silenced);
    }

    private static int silenceOutputs(
            LinearLayer layer, ChannelRanges ranges, Constants constants) {
        Node reader = SoleReader.of(layer.output());
        ClipBounds bounds = reader == null ? null : ClipBounds.ordered(reader, constants);
        if (bounds == null) {
            return 0;
        }
        ChannelMap outputs = layer.outputChannels();
        ChannelRanges.Range made =
                ChannelRanges.clipped(ranges.of(layer.output(), outputs.channels()), bounds);
        if (!made.hasConstants()) {
            return 0;
        }
        float[] weights = layer.weights();
        double[] bias = layer.bias();
        boolean[] silenced = new boolean[outputs.channels()];
        boolean shifts = false;
        for (int channel = 0; channel < bias.length; channel++) {
            if (made.isConstant(channel) && bias[channel] != made.low()[channel]) {
                bias[channel] = made.low()[channel];
                shifts = true;
                silenced[channel] = true;
            }
        }
        for (int i = 0, at = 0; i < outputs.first(); i++) {
            for (int j = 0; j < outputs.second(); j++) {
                int channel = outputs.channel(i, j);
                for (int k = 0; k < outputs.rest(); k++, at++) {
                    if (made.isConstant(channel) && weights[at] != 0) {
                        weights[at] = 0;
                        silenced[channel] = true;
                    }
                }
            }
        }
        return store(layer, weights, bias, shifts, silenced);
    }

    private static int store(
            LinearLayer layer, float[] weights, double[] bias, boolean shifts, boolean[] silenced) {
        int count = 0;
        for (boolean channel : silenced) {
            count += channel ? 1 : 0;
        }
        if (count > 0) {
            layer.setWeights(weights);
        }
        if (shifts) {
            layer.setBias(bias);
        }
        return count;
    }
}
