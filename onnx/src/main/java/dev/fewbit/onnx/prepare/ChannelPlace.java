package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.layer.LinearLayer;

/** Where in a value the channels of the layer before it are. */
enum ChannelPlace {
    /** Along axis 1, spatial axes behind it. */
    SECOND_AXIS,
    /** Along axis 1, several adjacent elements for each channel. */
    FLATTENED,
    /** Along the last axis. */
    LAST_AXIS;

    static ChannelPlace of(LinearLayer layer) {
        return layer.isConvolution() ? SECOND_AXIS : LAST_AXIS;
    }
}
