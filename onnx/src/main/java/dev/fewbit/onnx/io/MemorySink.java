package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Writes to an array. */
record MemorySink(ByteBuffer target) implements Sink {
    @Override
    public void write(long position, ByteBuffer bytes) {
        target.put(Math.toIntExact(position), bytes, bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
    }

    @Override
    public void copy(long position, FileRegion source, long from, long length) throws IOException {
        ByteBuffer slice = target.slice(Math.toIntExact(position), Math.toIntExact(length));
        try (FileChannel channel = FileChannel.open(source.file(), StandardOpenOption.READ)) {
            while (slice.hasRemaining()) {
                if (channel.read(slice, source.offset() + from + slice.position()) < 0) {
                    throw new EOFException(
                            "The file "
                                    + source.file()
                                    + " has become shorter while it was being copied");
                }
            }
        }
    }
}
