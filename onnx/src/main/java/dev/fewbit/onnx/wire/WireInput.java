package dev.fewbit.onnx.wire;

import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.StoredBytes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads protobuf fields from a file or an array. A file is read in small windows by position and
 * large fields are passed over, so that going through a model of gigabytes touches only what
 * describes its weights. Every length is checked against the message around it before anything is
 * allocated. Not thread-safe.
 */
public final class WireInput {
    /** Longer strings than this are refused: nothing in ONNX that is a name comes near it. */
    private static final int MAX_STRING_BYTES = 1 << 24;

    private static final int WINDOW_BYTES = 1 << 14;

    private final @Nullable FileChannel channel;
    private final @Nullable Path file;
    private final byte[] window;
    private long windowStart;
    private int at;
    private int filled;
    private long limit;

    private WireInput(
            @Nullable FileChannel channel,
            @Nullable Path file,
            byte[] window,
            int filled,
            long limit) {
        this.channel = channel;
        this.file = file;
        this.window = window;
        this.filled = filled;
        this.limit = limit;
    }

    /** Reads an array; ranges of it are shared, not copied. */
    public static WireInput of(byte[] bytes) {
        return new WireInput(null, null, bytes, bytes.length, bytes.length);
    }

    /** Reads a file through an open channel, which stays the caller's. */
    public static WireInput of(FileChannel channel, Path file) throws IOException {
        return new WireInput(channel, file, new byte[WINDOW_BYTES], 0, channel.size());
    }

    /** Position of the next byte. */
    public long position() {
        return windowStart + at;
    }

    /** Position behind the last byte of the current message. */
    public long limit() {
        return limit;
    }

    /** Moves to a position within the current message. */
    public void seek(long position) throws IOException {
        if (position < 0 || position > limit) {
            throw new WireException(
                    "Expected a position up to " + limit + ", got " + position, position());
        }
        if (position >= windowStart && position <= windowStart + filled) {
            at = (int) (position - windowStart);
        } else {
            windowStart = position;
            at = 0;
            filled = 0;
        }
    }

    /**
     * Reads a length and narrows the input to that many bytes; hand the result to {@link #leave} at
     * their end.
     */
    public long enter() throws IOException {
        long length = readLength();
        long outer = limit;
        limit = position() + length;
        return outer;
    }

    /**
     * Moves to the end of the message entered last and widens the input to the message around it.
     */
    public void leave(long outer) throws IOException {
        seek(limit);
        limit = outer;
    }

    /** Reads the tag of the next field; 0 at the end of the message. */
    public int readTag() throws IOException {
        if (position() >= limit) {
            return 0;
        }
        long start = position();
        long tag = readVarint();
        if (tag < 8 || tag > 0xFFFF_FFFFL) {
            throw new WireException("Expected the tag of a field, got " + tag, start);
        }
        return (int) tag;
    }

    /** Reads a varint of up to 64 bits. */
    public long readVarint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException("A number is longer than ten bytes", position());
    }

    /** Reads four bytes, little-endian. */
    public int readFixed32() throws IOException {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (readByte() & 0xFF) << shift;
        }
        return value;
    }

    /** Reads the length of a field and checks that as much is there. */
    public long readLength() throws IOException {
        long start = position();
        long length = readVarint();
        long left = limit - position();
        if (length < 0 || length > left) {
            throw new WireException(
                    "A field says it has "
                            + Long.toUnsignedString(length)
                            + " bytes, but "
                            + left
                            + " are left in the message around it",
                    start);
        }
        return length;
    }

    /** Reads a length and as many bytes of UTF-8. */
    public String readString() throws IOException {
        long start = position();
        byte[] bytes = readBytes(MAX_STRING_BYTES);
        try {
            // Most names are plain ASCII, for which this is a copy.
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new WireException("A name is not UTF-8 text", start);
        }
    }

    /** Reads a length and as many bytes, at most {@code most}. */
    public byte[] readBytes(long most) throws IOException {
        long start = position();
        long length = readLength();
        if (length > most) {
            throw new WireException(
                    "A field has " + length + " bytes, more than the " + most + " allowed", start);
        }
        byte[] bytes = new byte[(int) length];
        for (int done = 0; done < bytes.length; ) {
            if (at == filled) {
                refill();
            }
            int now = Math.min(filled - at, bytes.length - done);
            System.arraycopy(window, at, bytes, done, now);
            at += now;
            done += now;
        }
        return bytes;
    }

    /** Passes over the varints up to the end of the current message and counts them. */
    public long countVarints() throws IOException {
        long count = 0;
        boolean open = false;
        while (position() < limit) {
            open = readByte() < 0;
            count += open ? 0 : 1;
        }
        if (open) {
            throw new WireException(
                    "A number is cut off by the end of the message around it", position());
        }
        return count;
    }

    /** Passes over the value of a field whose tag has just been read. */
    public void skip(int tag) throws IOException {
        switch (WireType.of(tag)) {
            case WireType.VARINT -> readVarint();
            case WireType.FIXED64 -> skipBytes(8);
            case WireType.LENGTH -> skipBytes(readLength());
            case WireType.START_GROUP -> skipGroup();
            case WireType.FIXED32 -> skipBytes(4);
            default ->
                    throw new WireException(
                            "Expected the start of a field, got wire type " + WireType.of(tag),
                            position());
        }
    }

    /**
     * The bytes between two positions of this input: a copy when they are few, else a reference to
     * the file. The current position does not change.
     *
     * @param mostInline more bytes than this are left in the file
     */
    public StoredBytes range(long start, long end, int mostInline) throws IOException {
        long length = end - start;
        if (channel == null || file == null) {
            return InlineBytes.of(window, (int) start, (int) length);
        }
        if (length > mostInline) {
            return new FileRegion(file, start, length);
        }
        byte[] bytes = new byte[(int) length];
        int known = 0;
        if (start >= windowStart && start < windowStart + filled) {
            int from = (int) (start - windowStart);
            known = Math.min(bytes.length, filled - from);
            System.arraycopy(window, from, bytes, 0, known);
        }
        readFully(channel, ByteBuffer.wrap(bytes, known, bytes.length - known), start + known);
        return InlineBytes.of(bytes);
    }

    private void skipGroup() throws IOException {
        for (long depth = 1; depth > 0; ) {
            int tag = readTag();
            switch (tag == 0 ? -1 : WireType.of(tag)) {
                case -1 -> throw new WireException("A group of fields has no end", position());
                case WireType.START_GROUP -> depth++;
                case WireType.END_GROUP -> depth--;
                default -> skip(tag);
            }
        }
    }

    private void skipBytes(long count) throws IOException {
        if (count > limit - position()) {
            throw new WireException(
                    "A number is cut off by the end of the message around it", position());
        }
        seek(position() + count);
    }

    private byte readByte() throws IOException {
        if (windowStart + at >= limit) {
            throw new WireException(
                    "A number is cut off by the end of the message around it", position());
        }
        if (at == filled) {
            refill();
        }
        return window[at++];
    }

    private void refill() throws IOException {
        long start = position();
        FileChannel source = channel;
        ByteBuffer target = ByteBuffer.wrap(window);
        if (source == null || source.read(target, start) <= 0) {
            throw new WireException("The data ends too early", start);
        }
        windowStart = start;
        at = 0;
        filled = target.position();
    }

    private static void readFully(FileChannel source, ByteBuffer target, long from)
            throws IOException {
        long start = from - target.position();
        while (target.hasRemaining()) {
            if (source.read(target, start + target.position()) < 0) {
                throw new WireException("The data ends too early", start + target.position());
            }
        }
    }
}
