package dev.fewbit.core.statistics;

/** What {@link TensorStatistics} keep of the channels of a tensor. */
public enum ChannelDetail {

    /** Nothing: the tensor as a whole only. */
    NONE(0),

    /** Smallest and largest value, sum and count of every channel. */
    RANGES(1),

    /** As {@link #RANGES}, and a small histogram of every channel. */
    HISTOGRAMS(2);

    /** What stands for it in files; never to be changed. */
    final int code;

    ChannelDetail(int code) {
        this.code = code;
    }
}
