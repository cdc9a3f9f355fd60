package dev.fewbit.onnx.graph;

import java.nio.file.Path;

/**
 * Bytes in a file: the {@code raw_data} of a tensor inside the model's file, or a piece of an
 * external data file. The file must stay as it is while the model is in use.
 *
 * @param file absolute path
 * @param offset position of the first byte
 * @param byteSize number of bytes
 */
public record FileRegion(Path file, long offset, long byteSize) implements StoredBytes {
    public FileRegion {
        file = file.toAbsolutePath();
        if (offset < 0 || byteSize < 0 || offset > Long.MAX_VALUE - byteSize) {
            throw new IllegalArgumentException(
                    "Not a region of a file: offset "
                            + offset
                            + ", size "
                            + byteSize
                            + " in "
                            + file);
        }
    }
}
