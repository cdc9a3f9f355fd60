package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;
import dev.fewbit.onnx.shape.ValueShapes;

import java.util.Arrays;
import java.util.Objects;

/**
 * A batch normalization whose only reader is a convolution without padding, or a matrix product,
 * moves into it.
 *
 * <pre>{@code
 * BatchNormalization(x, ...) -> n; Conv(n, w, b) -> y
 *     becomes Conv(x, w * s, b + sum over inputs of w * t) -> y    with n = s * x + t
 * }</pre>
 *
 * <p>Padding stands for zeros after the normalization, which are no zeros before it; so with
 * padding this is only possible where nothing is added (t = 0).
 */
final class FoldBatchNormIntoLayerBehind implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Constants constants = new Constants(model);
        ValueShapes shapes = ValueShapes.of(model);
        boolean changed = false;
        for (Node norm : model.graph().nodes()) {
            Node reader =
                    norm.is("BatchNormalization") && norm.output(0) != null
                            ? SoleReader.of(Objects.requireNonNull(norm.output(0)))
                            : null;
            if (reader == null || reader.input(0) != norm.output(0)) {
                continue;
            }
            LinearLayer layer = LinearLayer.of(reader, constants).orElse(null);
            if (layer != null && fold(norm, layer, shapes, constants)) {
                notes.done(
                        norm,
                        "BatchNormalization moved forward into "
                                + FoldScalingIntoLayerBefore.describe(layer)
                                + ".");
                model.graph().remove(norm);
                changed = true;
            }
        }
        return changed;
    }

    private static boolean fold(
            Node norm, LinearLayer layer, ValueShapes shapes, Constants constants) {
        ChannelMap inputs = layer.inputChannels();
        ChannelAffine affine = ChannelAffine.ofBatchNorm(norm, inputs.channels(), constants);
        long[] shape = shapes.shape(norm.input(0));
        boolean sameAxis =
                layer.isConvolution()
                        || (shape != null
                                && shape.length == 2
                                && layer.node().intAttribute("transA", 0) == 0);
        if (affine == null || !sameAxis || (!affine.onlyScales() && mixesBorders(layer.node()))) {
            return false;
        }
        float[] weights = layer.weights();
        if (!affine.onlyScales()) {
            layer.setBias(shifted(layer, weights, affine.shift()));
        }
        layer.setWeights(inputs.scaled(weights, affine.scale()));
        layer.node().setInput(0, norm.input(0));
        return true;
    }

    /** True when outputs at the border see fewer inputs than others. */
    private static boolean mixesBorders(Node node) {
        if (node.is("ConvTranspose")) {
            return true;
        }
        long[] pads = node.intsAttribute("pads");
        String automatic = node.stringAttribute("auto_pad", "NOTSET");
        return automatic.startsWith("SAME")
                || (automatic.equals("NOTSET")
                        && pads != null
                        && Arrays.stream(pads).anyMatch(amount -> amount != 0));
    }

    private static double[] shifted(LinearLayer layer, float[] weights, double[] shift) {
        ChannelMap inputs = layer.inputChannels();
        ChannelMap outputs = layer.outputChannels();
        double factor = layer.node().is("Gemm") ? layer.node().floatAttribute("alpha", 1) : 1;
        double[] bias = layer.bias();
        for (int i = 0, at = 0; i < inputs.first(); i++) {
            for (int j = 0; j < inputs.second(); j++) {
                double sum = 0;
                for (int k = 0; k < inputs.rest(); k++, at++) {
                    sum += weights[at];
                }
                bias[outputs.channel(i, j)] += factor * sum * shift[inputs.channel(i, j)];
            }
        }
        return bias;
    }
}
