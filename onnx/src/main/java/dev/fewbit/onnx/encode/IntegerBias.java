package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A constant that is added to the sums of an integer convolution or product: as an int32, in steps
 * of the activation's scale times the channel's weight scale.
 */
final class IntegerBias {
    /** Codes stay below this, which leaves as much for the products that are added to it. */
    private static final int LARGEST_CODE = 1 << 30;

    private final Node node;
    private final int input;
    private final String name;
    private final float[] values;
    private final long[] shape;
    private final float inputScale;

    private IntegerBias(
            Node node, int input, String name, float[] values, long[] shape, float inputScale) {
        this.node = node;
        this.input = input;
        this.name = name;
        this.values = values;
        this.shape = shape;
        this.inputScale = inputScale;
    }

    /**
     * Reads a bias and repeats it along the output channels if it has one value for all.
     *
     * @param node who adds it
     * @param input through which input it reads it
     * @param name name of the float constant
     * @param tensor the float constant
     * @param channels number of output channels, which are along the last axis
     * @param inputScale scale of the activation
     * @throws EncodingException if it is not finite or does not fit the channels
     */
    static IntegerBias of(
            Node node, int input, String name, Tensor tensor, long channels, float inputScale) {
        float[] floats = read(tensor);
        long[] shape = tensor.rank() == 0 ? new long[] {1} : tensor.shape();
        long last = shape[shape.length - 1];
        if (last != channels && last != 1) {
            throw new EncodingException(
                    "the bias '%s' of %s has shape %s, which does not fit %d output channels"
                            .formatted(name, node, Arrays.toString(tensor.shape()), channels));
        }
        for (float value : floats) {
            if (!Float.isFinite(value)) {
                throw new EncodingException(
                        "the bias '%s' of %s holds %s; only finite biases can be added to integers"
                                .formatted(name, node, value));
            }
        }
        int repeat = Math.toIntExact(channels / last);
        float[] values = new float[floats.length * repeat];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i / repeat];
        }
        shape[shape.length - 1] = channels;
        return new IntegerBias(node, input, name, values, shape, inputScale);
    }

    /**
     * Lets the node read {@code DequantizeLinear(codes, scale)}.
     *
     * @param perChannel whether there is a scale for each output channel
     */
    void connect(Value codes, Value scale, boolean perChannel) {
        Value old = Objects.requireNonNull(node.input(input));
        NodeInserter nodes =
                new NodeInserter(Objects.requireNonNull(node.graph()), node, Labels.of(node));
        node.setInput(
                input,
                nodes.add(
                        "DequantizeLinear",
                        dequantize -> {
                            if (perChannel) {
                                dequantize.setAttribute("axis", shape.length - 1);
                            }
                        },
                        codes,
                        scale));
        DeadConstants.remove(old);
    }

    /** Stores the codes at once, where both factors are activations. */
    void store(float otherScale) {
        float scale = scale(otherScale);
        int[] codes = new int[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code(values[i], scale);
        }
        Graph graph = Objects.requireNonNull(node.graph());
        connect(
                graph.addInitializer(graph.freshName(name + ".codes"), Tensor.ofInts(shape, codes)),
                graph.addInitializer(
                        graph.freshName(name + ".scale"), Tensor.ofFloats(new long[0], scale)),
                false);
    }

    /** The node that adds it. */
    Node node() {
        return node;
    }

    /** Name of the float constant. */
    String name() {
        return name;
    }

    /** Number of values. */
    int count() {
        return values.length;
    }

    /** A value; output channels are along the last axis. */
    float value(int index) {
        return values[index];
    }

    /** Shape of the values. */
    long[] shape() {
        return shape.clone();
    }

    /** Number of output channels. */
    int channels() {
        return Math.toIntExact(shape[shape.length - 1]);
    }

    /**
     * The scale of a channel's codes: a product of floats, because the runtime compares it with the
     * product that it computes itself.
     */
    float scale(float weightScale) {
        return inputScale * weightScale;
    }

    /** The code of a value. */
    static int code(float value, float scale) {
        return (int) Math.rint((double) value / scale);
    }

    /**
     * Scales of weights below which a bias would overflow (a dead channel has tiny weights and a
     * normal bias), or its scale would be no normal number.
     *
     * @param groups number of scales of the weight: one, or one for each channel
     */
    static float[] smallestScales(List<IntegerBias> biases, int groups) {
        float[] smallest = new float[groups];
        for (IntegerBias bias : biases) {
            for (int i = 0; i < bias.values.length; i++) {
                int group = groups == 1 ? 0 : i % bias.channels();
                double scale =
                        Math.max(
                                Math.abs((double) bias.values[i]) / bias.inputScale / LARGEST_CODE,
                                Float.MIN_NORMAL / (double) bias.inputScale);
                smallest[group] = Math.max(smallest[group], Math.nextUp((float) scale));
            }
        }
        return smallest;
    }

    private static float[] read(Tensor tensor) {
        try {
            return tensor.floats();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
