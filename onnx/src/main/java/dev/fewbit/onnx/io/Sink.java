package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes by position, from several threads at a time. */
interface Sink {
    /** Writes the remaining bytes of the buffer at a position. */
    void write(long position, ByteBuffer bytes) throws IOException;

    /** Copies a part of a file region to a position. */
    void copy(long position, FileRegion source, long from, long length) throws IOException;
}
