package dev.fewbit.onnx.io;

import dev.fewbit.onnx.wire.WireInput;

import java.io.IOException;
import java.util.Arrays;

/** A growing list of longs. */
final class LongList {
    private long[] values = new long[4];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    /** Reads a length and packed varints. */
    void readPacked(WireInput input) throws IOException {
        long outer = input.enter();
        while (input.position() < input.limit()) {
            add(input.readVarint());
        }
        input.leave(outer);
    }

    long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
