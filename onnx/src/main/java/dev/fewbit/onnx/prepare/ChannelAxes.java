package dev.fewbit.onnx.prepare;

import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where in their constants two layers have the channels between them.
 *
 * @param first the weights and the bias that make the channels
 * @param second the weights that read them
 */
record ChannelAxes(List<ChannelAxis> first, ChannelAxis second) {

    ChannelAxes {
        first = List.copyOf(first);
    }

    /** The axes of a pair; empty when the channels do not lie along one axis. */
    static Optional<ChannelAxes> of(Equalization.Pair pair) {
        LinearLayer first = pair.first();
        Optional<Integer> made = axis(first.outputChannels());
        Optional<Integer> read = axis(pair.second().inputChannels());
        if (made.isEmpty() || read.isEmpty() || pair.repeats() != 1) {
            return Optional.empty();
        }
        List<ChannelAxis> axes = new ArrayList<>();
        axes.add(new ChannelAxis(first.weightName(), made.get()));
        String bias = first.biasName();
        if (bias != null) {
            if (first.biasAxis() < 0) {
                return Optional.empty();
            }
            axes.add(new ChannelAxis(bias, first.biasAxis()));
        }
        return Optional.of(
                new ChannelAxes(axes, new ChannelAxis(pair.second().weightName(), read.get())));
    }

    private static Optional<Integer> axis(ChannelMap channels) {
        if (channels.axis() == 0 || channels.groups() == 1) {
            return Optional.of(channels.axis());
        }
        boolean depthwise = channels.groups() == channels.first() && channels.second() == 1;
        return depthwise ? Optional.of(0) : Optional.empty();
    }
}
