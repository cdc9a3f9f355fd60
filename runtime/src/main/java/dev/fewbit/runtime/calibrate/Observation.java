package dev.fewbit.runtime.calibrate;

import dev.fewbit.core.statistics.ChannelDetail;

import java.util.Objects;

/**
 * A value of a graph whose content is to be measured.
 *
 * @param value name of the value: an input of the model, or the output of a node
 * @param detail what is kept of the channels
 * @param axis the axis along which the channels lie, from the front, or from the end when negative:
 *     -1 is the last; means nothing without channels
 */
public record Observation(String value, ChannelDetail detail, int axis) {

    /** Rejects nulls. */
    public Observation {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(detail, "detail");
    }

    /** A value as a whole, without channels. */
    public static Observation ofTensor(String value) {
        return new Observation(value, ChannelDetail.NONE, 0);
    }

    /** A value with range and sum of each of its channels. */
    public static Observation ofChannels(String value, int axis) {
        return new Observation(value, ChannelDetail.RANGES, axis);
    }
}
