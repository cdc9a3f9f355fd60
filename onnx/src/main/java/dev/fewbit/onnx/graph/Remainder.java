package dev.fewbit.onnx.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * The encoded fields of one protobuf message that the graph does not model: doc strings, metadata
 * of nodes, and fields newer than this software. They are written back as they were read, which is
 * what makes reading and writing lossless.
 *
 * @param pieces encoded fields, tags included, in file order
 */
public record Remainder(List<StoredBytes> pieces) {
    /** Nothing remains. */
    public static final Remainder NONE = new Remainder(List.of());

    public Remainder {
        pieces = List.copyOf(pieces);
    }

    /** True when there is nothing to write back. */
    public boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Size of the encoded fields in bytes. */
    public long byteSize() {
        return pieces.stream().mapToLong(StoredBytes::byteSize).sum();
    }

    /** This remainder followed by another. */
    public Remainder and(Remainder other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        List<StoredBytes> all = new ArrayList<>(pieces);
        all.addAll(other.pieces);
        return new Remainder(all);
    }
}
