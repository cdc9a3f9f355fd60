package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes to a file. Copies from other files stay inside the kernel where it can do that. */
final class FileSink implements Sink, AutoCloseable {
    // The JDK keeps, per thread, a direct buffer as large as the largest heap buffer ever written.
    private static final int MOST_AT_ONCE = 1 << 18;

    private final Path file;
    private final FileChannel channel;

    /** Creates the file. */
    FileSink(Path file) throws IOException {
        this.file = file;
        this.channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int step = Math.min(bytes.remaining(), MOST_AT_ONCE);
            int written = channel.write(bytes.slice(bytes.position(), step), at);
            bytes.position(bytes.position() + written);
            at += written;
        }
    }

    @Override
    public void copy(long position, FileRegion source, long from, long length) throws IOException {
        // transferTo writes at the target's own position, so every copy has a channel of its own.
        try (FileChannel input = FileChannel.open(source.file(), StandardOpenOption.READ);
                FileChannel output = FileChannel.open(file, StandardOpenOption.WRITE)) {
            output.position(position);
            for (long done = 0; done < length; ) {
                long now = input.transferTo(source.offset() + from + done, length - done, output);
                if (now <= 0) {
                    throw new EOFException(
                            "The file "
                                    + source.file()
                                    + " has become shorter while it was being copied");
                }
                done += now;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
