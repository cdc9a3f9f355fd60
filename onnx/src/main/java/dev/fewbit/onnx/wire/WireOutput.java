package dev.fewbit.onnx.wire;

import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.Remainder;
import dev.fewbit.onnx.graph.StoredBytes;
import dev.fewbit.onnx.graph.TensorData;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes protobuf fields into a list of parts: bytes, and places where the bytes of a tensor go.
 * Nothing of a tensor but its size is needed here, so a message can be laid out before its tensors
 * exist. Not thread-safe.
 */
public final class WireOutput {
    /**
     * Stored bytes up to this size are copied between the fields around them instead of being a
     * part of their own.
     */
    private static final int MOST_COPIED = 1024;

    /** A piece of the encoded message. */
    public sealed interface Part {
        /** Size in bytes. */
        long size();
    }

    /** Bytes from an array. */
    public record Bytes(InlineBytes content) implements Part {
        @Override
        public long size() {
            return content.byteSize();
        }
    }

    /** The raw bytes of a tensor, or encoded fields that are carried along. */
    public record Payload(TensorData data) implements Part {
        @Override
        public long size() {
            return data.byteSize();
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private byte[] buffer = new byte[64];
    private int used;
    private long partBytes;

    /** Number of bytes so far. */
    public long size() {
        return partBytes + used;
    }

    /** What was written, in order. Nothing more can be written then. */
    public List<Part> parts() {
        flush();
        return List.copyOf(parts);
    }

    /** Writes a field with an integer. */
    public void writeVarint(int field, long value) {
        putVarint(WireType.tag(field, WireType.VARINT));
        putVarint(value);
    }

    /** Writes a field with four bytes. */
    public void writeFixed32(int field, int value) {
        putVarint(WireType.tag(field, WireType.FIXED32));
        for (int shift = 0; shift < 32; shift += 8) {
            put((byte) (value >>> shift));
        }
    }

    /** Writes a field with text. */
    public void writeString(int field, String text) {
        writeBytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a field with text, unless it is empty: absent and empty mean the same. */
    public void writeNonEmpty(int field, String text) {
        if (!text.isEmpty()) {
            writeString(field, text);
        }
    }

    /** Writes a field with bytes. */
    public void writeBytes(int field, byte[] bytes) {
        putLength(field, bytes.length);
        putBytes(ByteBuffer.wrap(bytes));
    }

    /** Writes a field with a message. */
    public void writeMessage(int field, WireOutput message) {
        putLength(field, message.size());
        for (Part part : message.parts()) {
            switch (part) {
                case Bytes bytes -> putBytes(bytes.content.buffer());
                case Payload payload -> putPayload(payload);
            }
        }
    }

    /** Writes a field with the bytes of a tensor, which may not exist yet. */
    public void writePayload(int field, TensorData data) {
        putLength(field, data.byteSize());
        writeEncoded(data);
    }

    /** Writes fields that are encoded already. */
    public void writeRemainder(Remainder remainder) {
        for (StoredBytes piece : remainder.pieces()) {
            writeEncoded(piece);
        }
    }

    /** Writes bytes as they are, without a tag. */
    public void writeEncoded(TensorData data) {
        if (data instanceof InlineBytes inline && inline.byteSize() <= MOST_COPIED) {
            putBytes(inline.buffer());
        } else if (data.byteSize() > 0) {
            putPayload(new Payload(data));
        }
    }

    private void putPayload(Payload payload) {
        flush();
        parts.add(payload);
        partBytes += payload.size();
    }

    private void putLength(int field, long length) {
        putVarint(WireType.tag(field, WireType.LENGTH));
        putVarint(length);
    }

    private void putVarint(int tag) {
        putVarint(Integer.toUnsignedLong(tag));
    }

    private void putVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        put((byte) rest);
    }

    private void put(byte value) {
        reserve(1);
        buffer[used++] = value;
    }

    private void putBytes(ByteBuffer bytes) {
        int length = bytes.remaining();
        reserve(length);
        bytes.get(buffer, used, length);
        used += length;
    }

    private void reserve(int more) {
        if (buffer.length - used < more) {
            buffer =
                    Arrays.copyOf(
                            buffer,
                            Math.max(Math.addExact(used, more), Math.min(used * 2, 1 << 30)));
        }
    }

    private void flush() {
        if (used > 0) {
            parts.add(new Bytes(InlineBytes.of(buffer, 0, used)));
            partBytes += used;
            buffer = new byte[64];
            used = 0;
        }
    }
}
