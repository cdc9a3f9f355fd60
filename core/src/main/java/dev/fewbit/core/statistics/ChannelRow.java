package dev.fewbit.core.statistics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Values of adjacent channels, each at the index of its channel, and room to work. */
final class ChannelRow {

    final int[] bits;
    final float[] values;
    final float[] shifted;
    final int[] slots;

    ChannelRow(int channels) {
        bits = new int[channels];
        values = new float[channels];
        shifted = new float[channels];
        slots = new int[channels];
    }

    void load(ValueBlock block, int from, int channel, int length) {
        System.arraycopy(block.bits, from, bits, channel, length);
        MemorySegment.copy(
                MemorySegment.ofArray(bits),
                ValueLayout.JAVA_FLOAT,
                (long) Integer.BYTES * channel,
                values,
                channel,
                length);
    }
}
