package dev.fewbit.runtime.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** An uncompressed {@code .npy} file, mapped; both element orders. */
final class MappedNpyArray implements NpyArray {

    private final NpyHeader header;
    private final MemorySegment elements;

    private MappedNpyArray(NpyHeader header, MemorySegment elements) {
        this.header = header;
        this.elements = elements;
    }

    /**
     * Maps a file.
     *
     * @param where file and array, for messages
     * @param file the file
     * @param arena how long the mapping lives
     */
    static MappedNpyArray open(String where, Path file, Arena arena) throws IOException {
        NpyHeader header;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            header = NpyHeader.read(where, in);
        }
        long size = Files.size(file);
        if (size - header.byteLength() < header.dataBytes()) {
            throw NpyHeader.truncated(where);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            return new MappedNpyArray(header, all.asSlice(header.byteLength(), header.dataBytes()));
        }
    }

    @Override
    public NpyHeader header() {
        return header;
    }

    @Override
    public Rows open() {
        return new Rows() {
            private long row;

            @Override
            public NumberArray next(int count) {
                NumberArray rows = read(row, count);
                row += count;
                return rows;
            }

            @Override
            public void close() {}
        };
    }

    private NumberArray read(long first, int count) {
        long[] shape = header.shape().clone();
        shape[0] = count;
        int width = header.type().byteSize();
        ByteBuffer out =
                NumberArray.allocate(
                        header.type(), Math.multiplyExact(header.rowElements(), (long) count));
        if (header.columnMajor()) {
            gather(first, shape, width, out.array());
        } else {
            long rowBytes = header.rowElements() * width;
            MemorySegment.copy(
                    elements,
                    ValueLayout.JAVA_BYTE,
                    first * rowBytes,
                    out.array(),
                    0,
                    out.capacity());
        }
        ByteOrders.toNative(out.array(), width, header.order());
        return new NumberArray(header.type(), shape, out);
    }

    /** Collects rows whose elements lie apart, walking the index in row-major order. */
    private void gather(long first, long[] shape, int width, byte[] out) {
        int rank = shape.length;
        long[] index = new long[rank];
        long[] strides = new long[rank];
        long stride = 1;
        for (int axis = 0; axis < rank; axis++) {
            strides[axis] = stride;
            stride *= header.shape()[axis];
        }
        for (int to = 0; to < out.length; to += width) {
            long element = first;
            for (int axis = 0; axis < rank; axis++) {
                element += index[axis] * strides[axis];
            }
            MemorySegment.copy(elements, ValueLayout.JAVA_BYTE, element * width, out, to, width);
            for (int axis = rank - 1; axis >= 0; axis--) {
                index[axis]++;
                if (index[axis] < shape[axis]) {
                    break;
                }
                index[axis] = 0;
            }
        }
    }
}
