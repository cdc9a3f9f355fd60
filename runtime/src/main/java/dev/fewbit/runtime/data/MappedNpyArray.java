package dev.fewbit.runtime.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
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
final class MappedNpyArray implements NpyArray, Closeable {

    private final Arena arena = Arena.ofShared();
    private final NpyHeader header;
    private final MemorySegment elements;

    /**
     * Maps a file until it is closed.
     *
     * @param where file and array, for messages
     * @param file the file
     */
    MappedNpyArray(String where, Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                FileChannel channel = FileChannel.open(file)) {
            header = NpyHeader.read(where, in);
            long size = channel.size();
            if (size - header.byteLength() < header.dataBytes()) {
                throw NpyHeader.truncated(where);
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            elements = all.asSlice(header.byteLength(), header.dataBytes());
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        arena.close();
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
        long size = Math.multiplyExact(header.rowElements() * width, (long) count);
        byte[] out = new byte[Math.toIntExact(size)];
        if (header.columnMajor()) {
            gather(first, shape, width, out);
        } else {
            long rowBytes = header.rowElements() * width;
            MemorySegment.copy(
                    elements, ValueLayout.JAVA_BYTE, first * rowBytes, out, 0, out.length);
        }
        ByteOrders.toNative(out, width, header.order());
        return new NumberArray(header.type(), shape, ByteBuffer.wrap(out));
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
