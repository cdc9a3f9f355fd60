package dev.fewbit.onnx.wire;

import dev.fewbit.onnx.graph.Remainder;
import dev.fewbit.onnx.graph.StoredBytes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the fields of one message that are carried along encoded; neighbours become one piece.
 */
public final class RemainderBuilder {
    private static final int MOST_INLINE = 1 << 16;

    private final WireInput input;
    private List<StoredBytes> pieces = List.of();
    private long start;
    private long end = -1;

    public RemainderBuilder(WireInput input) {
        this.input = input;
    }

    /**
     * Passes over a field and keeps it. {@code fieldStart} is the position of its tag, which has
     * just been read.
     */
    public void keep(int tag, long fieldStart) throws IOException {
        input.skip(tag);
        keepRange(fieldStart);
    }

    /** Keeps what lies between a position and the current one. */
    public void keepRange(long from) throws IOException {
        if (from != end) {
            flush();
            start = from;
        }
        end = input.position();
    }

    /** What was kept, in order. */
    public Remainder build() throws IOException {
        flush();
        return pieces.isEmpty() ? Remainder.NONE : new Remainder(pieces);
    }

    private void flush() throws IOException {
        if (end >= 0) {
            if (pieces.isEmpty()) {
                pieces = new ArrayList<>(1);
            }
            pieces.add(input.range(start, end, MOST_INLINE));
            end = -1;
        }
    }
}
