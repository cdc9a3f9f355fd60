package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.ClipBounds;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Optional;

/** Knows the operators with {@code f(s * x) = s * f(x)} for positive factors s of each channel. */
final class PositiveHomogeneity {
    private PositiveHomogeneity() {}

    /** Where the channels are behind a node; empty when it does not pass factors on. */
    static Optional<ChannelPlace> pass(
            Node node, ChannelPlace place, ValueShapes shapes, Constants constants) {
        if (!node.domain().isEmpty()) {
            return Optional.empty();
        }
        boolean image = place == ChannelPlace.SECOND_AXIS;
        boolean passes =
                switch (node.opType()) {
                    case "Relu", "LeakyRelu", "PRelu", "Identity", "Dropout" -> true;
                    case "Clip" ->
                            ClipBounds.areZeroAndSix(node, constants)
                                    || ClipBounds.areZeroAndNothing(node, constants);
                    case "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool" -> image;
                    case "Pad" -> image && padsPlanes(node, shapes, constants);
                    case "Resize", "Upsample" -> image && keepsChannels(node, shapes);
                    default -> false;
                };
        if (passes) {
            return Optional.of(place);
        }
        if (!image) {
            return Optional.empty();
        }
        return switch (node.opType()) {
            case "ReduceMean", "ReduceMax" -> reduced(node, shapes);
            case "Flatten", "Reshape", "Squeeze" -> flattened(node, shapes);
            default -> Optional.empty();
        };
    }

    /** Zeros, or copies of what is there; and nothing along the channels. */
    private static boolean padsPlanes(Node pad, ValueShapes shapes, Constants constants) {
        long[] pads = RemoveNeutralNodes.pads(pad, shapes);
        if (pads == null || pads.length < 6 || pad.input(3) != null) {
            return false;
        }
        boolean zeros =
                !pad.stringAttribute("mode", "constant").equals("constant")
                        || MovePaddingIntoWindow.padsZeros(pad, constants);
        return zeros && pads[1] == 0 && pads[1 + pads.length / 2] == 0;
    }

    private static boolean keepsChannels(Node resize, ValueShapes shapes) {
        long[] before = shapes.shape(resize.input(0));
        long[] after = shapes.shape(resize.output(0));
        return before != null
                && after != null
                && before.length == after.length
                && before.length > 2
                && before[1] == after[1]
                && !resize.stringAttribute("coordinate_transformation_mode", "")
                        .equals("tf_crop_and_resize");
    }

    private static Optional<ChannelPlace> reduced(Node node, ValueShapes shapes) {
        long[] before = shapes.shape(node.input(0));
        long[] axes =
                node.attribute("axes") != null
                        ? node.intsAttribute("axes")
                        : shapes.integers(node.input(1));
        if (before == null || axes == null || axes.length != before.length - 2) {
            return Optional.empty();
        }
        long[] sorted =
                Arrays.stream(axes)
                        .map(axis -> axis < 0 ? axis + before.length : axis)
                        .sorted()
                        .toArray();
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i + 2) {
                return Optional.empty();
            }
        }
        boolean keeps = node.intAttribute("keepdims", 1) != 0;
        return Optional.of(keeps ? ChannelPlace.SECOND_AXIS : ChannelPlace.LAST_AXIS);
    }

    /** From {@code [N, C, ...]} to {@code [N, C * ...]}. */
    private static Optional<ChannelPlace> flattened(Node node, ValueShapes shapes) {
        long @Nullable [] before = shapes.shape(node.input(0));
        long @Nullable [] after = shapes.shape(node.output(0));
        boolean flattens =
                before != null
                        && after != null
                        && before.length > 2
                        && after.length == 2
                        && before[0] == after[0];
        return flattens ? Optional.of(ChannelPlace.FLATTENED) : Optional.empty();
    }
}
