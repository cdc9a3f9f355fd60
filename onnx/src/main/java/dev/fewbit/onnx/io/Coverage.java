package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Pending;

import java.util.Map;
import java.util.TreeMap;

/** Which bytes of one pending tensor have been written. Thread-safe. */
final class Coverage {
    private final Pending tensor;
    private final TreeMap<Long, Long> written = new TreeMap<>();

    Coverage(Pending tensor) {
        this.tensor = tensor;
    }

    /** Notes a write; refuses bytes outside of the tensor and bytes that were written before. */
    synchronized void add(long start, int length) {
        long end = start + length;
        if (start < 0 || end > tensor.byteSize()) {
            throw new IllegalStateException(
                    "A filler wrote bytes "
                            + start
                            + " to "
                            + end
                            + " of a tensor of "
                            + tensor.byteSize()
                            + " bytes: "
                            + tensor.filler());
        }
        if (length == 0) {
            return;
        }
        Map.Entry<Long, Long> before = written.lowerEntry(end);
        if (before != null && before.getValue() > start) {
            throw new IllegalStateException(
                    "A filler wrote bytes "
                            + start
                            + " to "
                            + end
                            + " of a tensor of "
                            + tensor.byteSize()
                            + " bytes, some of them for the second time: "
                            + tensor.filler());
        }
        if (before != null && before.getValue() == start) {
            start = before.getKey();
        }
        Long after = written.remove(end);
        written.put(start, after == null ? end : after);
    }

    /** Refuses a tensor of which bytes are missing. */
    synchronized void requireComplete() {
        long done = 0;
        for (Map.Entry<Long, Long> run : written.entrySet()) {
            done += run.getValue() - run.getKey();
        }
        if (done != tensor.byteSize()) {
            throw new IllegalStateException(
                    "A filler wrote only "
                            + done
                            + " of "
                            + tensor.byteSize()
                            + " bytes of a tensor: "
                            + tensor.filler());
        }
    }
}
