package dev.fewbit.onnx.layer;

import dev.fewbit.onnx.constant.ConstantInputs;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;

/**
 * A convolution or matrix product whose weights are a constant float tensor: Conv, ConvTranspose,
 * Gemm, or MatMul with the constant that is added to its result. Changes go to the graph at once; a
 * constant that other nodes read too is copied first.
 *
 * <p>{@code output[c] = sum over weights of channel c + bias[c]}.
 */
public final class LinearLayer {

    /** Index of the weight among the inputs of all four operators. */
    private static final int WEIGHT = 1;

    private static final int BIAS = 2;

    private final Node node;
    private final Constants constants;
    private final ChannelMap inputs;
    private final ChannelMap outputs;
    private @Nullable Node addition;

    private LinearLayer(
            Node node,
            Constants constants,
            ChannelMap inputs,
            ChannelMap outputs,
            @Nullable Node addition) {
        this.node = node;
        this.constants = constants;
        this.inputs = inputs;
        this.outputs = outputs;
        this.addition = addition;
    }

    /** The layer that a node is; empty when it is none, or its weights or bias are not constant. */
    public static Optional<LinearLayer> of(Node node, Constants constants) {
        Value value = node.input(WEIGHT);
        Tensor weight = constants.floats(value).orElse(null);
        if (weight == null || weight.rank() < 2 || node.outputs().size() != 1) {
            return Optional.empty();
        }
        LinearLayer layer = null;
        if (node.is("Conv") && weight.rank() > 2) {
            int groups = groups(node);
            layer = layer(node, constants, weight, 1, groups);
        } else if (node.is("ConvTranspose") && weight.rank() > 2) {
            layer = layer(node, constants, weight, 0, groups(node));
        } else if (node.is("Gemm") && weight.rank() == 2) {
            layer = layer(node, constants, weight, (int) node.intAttribute("transB", 0), 1);
        } else if (node.is("MatMul") && weight.rank() == 2) {
            layer = layer(node, constants, weight, 0, 1);
            if (layer != null) {
                layer.addition = layer.findAddition();
            }
        }
        return layer == null || !layer.hasReadableBias() ? Optional.empty() : Optional.of(layer);
    }

    private static int groups(Node node) {
        return Math.toIntExact(Math.max(1, node.intAttribute("group", 1)));
    }

    private static @Nullable LinearLayer layer(
            Node node, Constants constants, Tensor weight, int inputAxis, int groups) {
        if (weight.elementCount() > Integer.MAX_VALUE - 8 || weight.dimension(0) % groups != 0) {
            return null;
        }
        return new LinearLayer(
                node,
                constants,
                ChannelMap.of(weight, inputAxis, groups),
                ChannelMap.of(weight, 1 - inputAxis, groups),
                null);
    }

    /** The node with the weights. */
    public Node node() {
        return node;
    }

    /**
     * The node whose output is the layer's: the addition of the bias where it is one of its own.
     */
    public Node last() {
        Node added = addition;
        return added == null ? node : added;
    }

    /** What the layer makes. */
    public Value output() {
        return last().onlyOutput();
    }

    /** What the layer reads. */
    public Value input() {
        return Objects.requireNonNull(node.input(0), "a layer reads something");
    }

    /** Name of the weights. */
    public String weightName() {
        return Objects.requireNonNull(node.input(WEIGHT), "a layer has weights").name();
    }

    /** Name of the tensor that holds the bias; null when there is none. */
    public @Nullable String biasName() {
        Node added = addition;
        Value value =
                added != null
                        ? added.input(constantInput(added))
                        : hasBias() ? node.input(BIAS) : null;
        return value == null ? null : value.name();
    }

    /**
     * Axis of the channels in the tensor that holds the bias; -1 when all channels share one
     * number.
     */
    public int biasAxis() {
        Tensor bias = hasBias() ? biasTensor() : null;
        return bias == null || bias.elementCount() != outputs.channels() ? -1 : bias.rank() - 1;
    }

    /** Which input channel every weight belongs to. */
    public ChannelMap inputChannels() {
        return inputs;
    }

    /** Which output channel every weight belongs to. */
    public ChannelMap outputChannels() {
        return outputs;
    }

    /** True for convolutions, whose channels lie along axis 1 of a value with spatial axes. */
    public boolean isConvolution() {
        return node.is("Conv") || node.is("ConvTranspose");
    }

    /** Number of axes of the weights: of a convolution's values too. */
    public int weightRank() {
        return weightTensor().rank();
    }

    /** All weights, read now. */
    public float[] weights() {
        return read(weightTensor());
    }

    /** Replaces all weights. */
    public void setWeights(float[] weights) {
        ConstantInputs.replace(node, WEIGHT, Tensor.ofFloats(weightTensor().shape(), weights));
    }

    /** True when there is a bias. */
    public boolean hasBias() {
        return addition != null || (!node.is("MatMul") && node.input(BIAS) != null);
    }

    /** What is added to each output channel; zeros when there is no bias. */
    public double[] bias() {
        double[] bias = new double[outputs.channels()];
        if (hasBias()) {
            float[] stored = read(Objects.requireNonNull(biasTensor(), "checked when made"));
            double factor = node.is("Gemm") ? node.floatAttribute("beta", 1) : 1;
            for (int channel = 0; channel < bias.length; channel++) {
                bias[channel] = factor * stored[stored.length == 1 ? 0 : channel];
            }
        }
        return bias;
    }

    /**
     * Replaces the bias. Where there is none, Conv, ConvTranspose and Gemm get one as third input,
     * and a MatMul gets an Add behind it, which makes the value that the MatMul made.
     */
    public void setBias(double[] bias) {
        float[] rounded = new float[bias.length];
        for (int channel = 0; channel < bias.length; channel++) {
            rounded[channel] = (float) bias[channel];
        }
        Tensor old = hasBias() ? biasTensor() : null;
        long[] shape =
                old != null && old.elementCount() == bias.length
                        ? old.shape()
                        : new long[] {bias.length};
        Tensor tensor = Tensor.ofFloats(shape, rounded);
        if (hasBias()) {
            Node added = last();
            ConstantInputs.replace(added, added == node ? BIAS : constantInput(added), tensor);
        } else {
            addBias(tensor);
        }
        if (node.is("Gemm") && node.floatAttribute("beta", 1) != 1) {
            node.setAttribute("beta", 1f);
        }
    }

    private void addBias(Tensor tensor) {
        Graph graph = Objects.requireNonNull(node.graph(), "node was removed");
        String stem = node.name().isEmpty() ? node.onlyOutput().name() : node.name();
        Value bias = graph.addInitializer(graph.freshName(stem + ".bias"), tensor);
        if (!node.is("MatMul")) {
            node.setInput(BIAS, bias);
            return;
        }
        Value result = node.releaseOutput(0);
        Value product = new Value(graph.freshName(result.name() + "_product"));
        node.setOutput(0, product);
        Node add = new Node("Add", graph.freshName(stem + "_bias_add"), product, bias);
        graph.insertAfter(node, add);
        add.addOutput(result);
        addition = add;
    }

    private Tensor weightTensor() {
        Value value = Objects.requireNonNull(node.input(WEIGHT), "a layer has weights");
        return constants.floats(value).orElseThrow();
    }

    private @Nullable Tensor biasTensor() {
        Node added = addition;
        Value value = added == null ? node.input(BIAS) : added.input(constantInput(added));
        return constants.floats(value).orElse(null);
    }

    private int constantInput(Node added) {
        Value second = added.input(1);
        return second != null && constants.resolve(second).isPresent() ? 1 : 0;
    }

    private boolean hasReadableBias() {
        if (!hasBias()) {
            return true;
        }
        Tensor bias = biasTensor();
        return bias != null && isPerChannel(bias);
    }

    /** A single number, or one per channel along the last axis; anything for a convolution. */
    private boolean isPerChannel(Tensor bias) {
        long count = bias.elementCount();
        boolean along = bias.rank() > 0 && bias.dimension(bias.rank() - 1) == count;
        return (count == outputs.channels() && along) || (count == 1 && !isConvolution());
    }

    private @Nullable Node findAddition() {
        Value product = node.onlyOutput();
        Node reader = SoleReader.of(product);
        if (reader == null || !reader.is("Add") || reader.outputs().size() != 1) {
            return null;
        }
        Value other = reader.input(0) == product ? reader.input(1) : reader.input(0);
        Tensor constant = constants.floats(other).orElse(null);
        return constant != null && isPerChannel(constant) ? reader : null;
    }

    private static float[] read(Tensor tensor) {
        try {
            return tensor.floats();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
