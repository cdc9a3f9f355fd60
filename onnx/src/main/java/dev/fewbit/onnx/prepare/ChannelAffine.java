package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * {@code y[c] = scale[c] * x[c] + shift[c]} for every channel c: what a batch normalization does
 * outside of training, or a constant that is added or multiplied.
 *
 * @param scale one for each channel
 * @param shift one for each channel
 */
// Handed from one class of this package to another, and never changed.
@SuppressWarnings("ArrayRecordComponent")
record ChannelAffine(double[] scale, double[] shift) {

    /** True when no channel is multiplied. */
    boolean onlyShifts() {
        return Arrays.stream(scale).allMatch(each -> each == 1);
    }

    /** True when nothing is added to any channel. */
    boolean onlyScales() {
        return Arrays.stream(shift).allMatch(each -> each == 0);
    }

    private boolean isFinite() {
        return Arrays.stream(scale).allMatch(Double::isFinite)
                && Arrays.stream(shift).allMatch(Double::isFinite);
    }

    /**
     * {@code scale = gamma / sqrt(variance + epsilon)}, {@code shift = beta - mean * scale}; null
     * when they are not constant floats, or the node trains.
     */
    static @Nullable ChannelAffine ofBatchNorm(Node node, int channels, Constants constants) {
        boolean infers =
                node.is("BatchNormalization")
                        && node.intAttribute("training_mode", 0) == 0
                        && node.intAttribute("spatial", 1) == 1
                        && node.outputs().stream().skip(1).noneMatch(ChannelAffine::isUsed);
        if (!infers) {
            return null;
        }
        float[] gamma = vector(node.input(1), channels, constants);
        float[] beta = vector(node.input(2), channels, constants);
        float[] mean = vector(node.input(3), channels, constants);
        float[] variance = vector(node.input(4), channels, constants);
        if (gamma == null || beta == null || mean == null || variance == null) {
            return null;
        }
        double epsilon = node.floatAttribute("epsilon", 1e-5f);
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            scale[channel] = gamma[channel] / Math.sqrt(variance[channel] + epsilon);
            shift[channel] = beta[channel] - mean[channel] * scale[channel];
        }
        return finite(scale, shift);
    }

    private static boolean isUsed(@Nullable Value value) {
        return value != null && value.isUsed();
    }

    /**
     * An Add, Sub, Mul or Div of what a layer makes and a constant that is the same for all of a
     * channel; null for anything else.
     *
     * @param rank number of axes of what the layer makes; -1 when it is not known
     */
    static @Nullable ChannelAffine ofArithmetic(
            Node node, LinearLayer layer, int rank, Constants constants) {
        boolean arithmetic = node.is("Add") || node.is("Sub") || node.is("Mul") || node.is("Div");
        if (!arithmetic || node.inputs().size() != 2) {
            return null;
        }
        boolean reversed = node.input(1) == layer.output();
        int channels = layer.outputChannels().channels();
        float[] operand =
                perChannel(node.input(reversed ? 0 : 1), layer, rank, channels, constants);
        if (operand == null || (reversed && node.is("Div"))) {
            return null;
        }
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        Arrays.fill(scale, 1);
        for (int channel = 0; channel < channels; channel++) {
            double value = operand[operand.length == 1 ? 0 : channel];
            switch (node.opType()) {
                case "Add" -> shift[channel] = value;
                case "Sub" -> {
                    scale[channel] = reversed ? -1 : 1;
                    shift[channel] = reversed ? value : -value;
                }
                case "Mul" -> scale[channel] = value;
                case "Div" -> scale[channel] = 1 / value;
                default -> throw new IllegalStateException("not arithmetic: " + node);
            }
        }
        return finite(scale, shift);
    }

    private static @Nullable ChannelAffine finite(double[] scale, double[] shift) {
        ChannelAffine affine = new ChannelAffine(scale, shift);
        return affine.isFinite() ? affine : null;
    }

    private static float @Nullable [] perChannel(
            @Nullable Value value, LinearLayer layer, int rank, int channels, Constants constants) {
        Tensor tensor = constants.floats(value).orElse(null);
        if (tensor == null || tensor.rank() > (rank < 0 ? 1 : rank)) {
            return null;
        }
        // Axis of the channels, counted from the back as broadcasting does.
        int fromBack = layer.isConvolution() ? rank - 1 : 1;
        for (int axis = 0; axis < tensor.rank(); axis++) {
            long size = tensor.dimension(axis);
            boolean along = tensor.rank() - axis == fromBack;
            if (size != 1 && !(along && size == channels)) {
                return null;
            }
        }
        return read(tensor);
    }

    private static float @Nullable [] vector(
            @Nullable Value value, int channels, Constants constants) {
        Tensor tensor = constants.floats(value).orElse(null);
        return tensor == null || tensor.elementCount() != channels ? null : read(tensor);
    }

    private static float[] read(Tensor tensor) {
        try {
            return tensor.floats();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
