package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/**
 * A batch normalization, or an addition or multiplication with one constant per channel, moves into
 * the convolution or matrix product before it.
 *
 * <pre>{@code
 * Conv(x, w, b) -> c; BatchNormalization(c, gamma, beta, mean, variance) -> y
 *     becomes Conv(x, w * s, (b - mean) * s + beta) -> y    with s = gamma / sqrt(variance + epsilon)
 * Conv(x, w) -> c; Mul(c, s) -> d; Add(d, t) -> y
 *     becomes Conv(x, w * s, t) -> y
 * }</pre>
 *
 * <p>Computed in double and rounded once. The value at the end keeps its name. Nothing else may
 * read the value in between.
 */
final class FoldScalingIntoLayerBefore implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Constants constants = new Constants(model);
        ValueShapes shapes = ValueShapes.of(model);
        boolean changed = false;
        for (Node node : model.graph().nodes()) {
            if (node.graph() == null) {
                continue;
            }
            Optional<LinearLayer> layer = LinearLayer.of(node, constants);
            if (layer.isEmpty()) {
                continue;
            }
            int rank = rank(layer.get(), shapes);
            while (foldNext(layer.get(), rank, constants, notes)) {
                changed = true;
            }
        }
        return changed;
    }

    /** Number of axes of what a layer makes; -1 when it is not known. */
    static int rank(LinearLayer layer, ValueShapes shapes) {
        if (layer.isConvolution()) {
            return layer.weightRank();
        }
        if (layer.node().is("Gemm")) {
            return 2;
        }
        long[] shape = shapes.shape(layer.output());
        return shape == null ? -1 : shape.length;
    }

    private static boolean foldNext(LinearLayer layer, int rank, Constants constants, Notes notes) {
        Node next = SoleReader.of(layer.output());
        if (next == null) {
            return false;
        }
        ChannelAffine affine = affine(next, layer, rank, constants);
        if (affine == null) {
            return false;
        }
        if (!affine.onlyShifts()) {
            layer.setWeights(layer.outputChannels().scaled(layer.weights(), affine.scale()));
        }
        boolean shifts = !affine.onlyScales();
        if (shifts || layer.hasBias()) {
            double[] bias = layer.bias();
            for (int channel = 0; channel < bias.length; channel++) {
                bias[channel] = bias[channel] * affine.scale()[channel] + affine.shift()[channel];
            }
            layer.setBias(bias);
        }
        notes.done(next, next.opType() + " moved into " + describe(layer) + ".");
        takeOver(layer.last(), next);
        return true;
    }

    private static @Nullable ChannelAffine affine(
            Node next, LinearLayer layer, int rank, Constants constants) {
        if (!next.is("BatchNormalization")) {
            return ChannelAffine.ofArithmetic(next, layer, rank, constants);
        }
        // Channels of a batch normalization lie along axis 1, those of a product along the last.
        boolean sameAxis = layer.isConvolution() || rank == 2;
        return sameAxis && next.input(0) == layer.output()
                ? ChannelAffine.ofBatchNorm(next, layer.outputChannels().channels(), constants)
                : null;
    }

    static String describe(LinearLayer layer) {
        return layer.node().opType() + " '" + Labels.of(layer.node()) + "'";
    }

    /** Lets a node make what the node behind it made, and removes that. */
    private static void takeOver(Node node, Node absorbed) {
        Graph graph = Objects.requireNonNull(absorbed.graph(), "node was removed");
        Value result = absorbed.releaseOutput(0);
        node.setOutput(0, result);
        graph.remove(absorbed);
    }
}
