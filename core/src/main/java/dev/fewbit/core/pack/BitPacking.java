package dev.fewbit.core.pack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Packs codes of 1 to 8 bits into a stream of bits, the first code in the lowest bits of the first
 * byte. For 4 and 2 bits this is how ONNX stores int4, uint4, int2 and uint2 tensors.
 *
 * <p>Eight codes are a long of bytes on one side and {@code bits} bytes on the other, and {@link
 * Long#compress} and {@link Long#expand} go from one to the other in one instruction where the
 * processor has it. {@link BitStream} says the same one code at a time.
 *
 * <p>All functions throw {@link IndexOutOfBoundsException} when an array is too short and {@link
 * IllegalArgumentException} for other widths.
 */
public final class BitPacking {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** A one in every byte. */
    private static final long ONES = 0x0101010101010101L;

    private BitPacking() {}

    /**
     * Bytes that codes take; the last may be partly used.
     *
     * @param count number of codes, not negative
     * @param bits width of a code, 1 to 8
     */
    public static long packedSize(long count, int bits) {
        requireWidth(bits);
        if (count < 0) {
            throw new IllegalArgumentException("a count is not negative, got " + count);
        }
        // In two parts, so that the product cannot overflow for any count of real elements.
        return count / 8 * bits + (count % 8 * bits + 7) / 8;
    }

    /**
     * Packs codes. Bits of a code above the width are dropped, so that a negative code becomes its
     * two's complement of {@code bits} bits; unused bits of the last byte become zero.
     *
     * @param codes one code a byte, signed or unsigned
     * @param from index of the first
     * @param count number of codes
     * @param bits width of a code, 1 to 8
     * @param packed receives {@link #packedSize} bytes
     * @param at index of the first of them
     */
    public static void pack(byte[] codes, int from, int count, int bits, byte[] packed, int at) {
        check(codes, from, count, packed, at, bits);
        if (bits == Byte.SIZE) {
            System.arraycopy(codes, from, packed, at, count);
            return;
        }
        long fields = ONES * ((1 << bits) - 1);
        int i = 0;
        int to = at;
        // A whole long is stored and the bytes beyond the eight codes overwritten by the next.
        for (; i <= count - 8 && to <= packed.length - 8 && hasRoom(count - i, bits); i += 8) {
            LONGS.set(packed, to, Long.compress((long) LONGS.get(codes, from + i), fields));
            to += bits;
        }
        for (; i <= count - 8; i += 8) {
            long stream = Long.compress((long) LONGS.get(codes, from + i), fields);
            for (int b = 0; b < bits; b++) {
                packed[to++] = (byte) (stream >>> (8 * b));
            }
        }
        BitStream.pack(codes, from + i, count - i, bits, packed, to);
    }

    /** Whether the codes that are left fill the eight bytes that a store of a long overwrites. */
    private static boolean hasRoom(int left, int bits) {
        return (long) left * bits >= Long.SIZE;
    }

    /**
     * Unpacks codes as unsigned numbers.
     *
     * @param packed the bytes
     * @param from index of the first byte
     * @param count number of codes
     * @param bits width of a code, 1 to 8
     * @param codes receives one code a byte
     * @param at index of the first code
     */
    public static void unpack(byte[] packed, int from, int count, int bits, byte[] codes, int at) {
        check(codes, at, count, packed, from, bits);
        unpack(packed, from, count, bits, codes, at, false);
    }

    /** Unpacks codes as two's complement numbers of {@code bits} bits; else as {@link #unpack}. */
    public static void unpackSigned(
            byte[] packed, int from, int count, int bits, byte[] codes, int at) {
        check(codes, at, count, packed, from, bits);
        unpack(packed, from, count, bits, codes, at, true);
    }

    private static void unpack(
            byte[] packed, int from, int count, int bits, byte[] codes, int at, boolean signed) {
        if (bits == Byte.SIZE) {
            System.arraycopy(packed, from, codes, at, count);
            return;
        }
        long fields = ONES * ((1 << bits) - 1);
        // Multiplied by a sign bit of 1, this fills the bits above the field of the same byte.
        long fill = signed ? (0xFFL << bits) & 0xFF : 0;
        int i = 0;
        int source = from;
        for (; i <= count - 8; i += 8) {
            long stream = 0;
            if (source <= packed.length - 8) {
                stream = (long) LONGS.get(packed, source);
            } else {
                for (int b = 0; b < bits; b++) {
                    stream |= (packed[source + b] & 0xFFL) << (8 * b);
                }
            }
            long bytes = Long.expand(stream, fields);
            long signs = (bytes >>> (bits - 1)) & ONES;
            LONGS.set(codes, at + i, bytes | signs * fill);
            source += bits;
        }
        BitStream.unpack(packed, source, count - i, bits, codes, at + i, signed);
    }

    private static void check(
            byte[] codes, int codesFrom, int count, byte[] packed, int packedFrom, int bits) {
        requireWidth(bits);
        Objects.checkFromIndexSize(codesFrom, count, codes.length);
        Objects.checkFromIndexSize(packedFrom, (int) packedSize(count, bits), packed.length);
    }

    private static void requireWidth(int bits) {
        if (bits < 1 || bits > Byte.SIZE) {
            throw new IllegalArgumentException(
                    "codes of 1 to 8 bits can be packed, got %d bits; wider ones are stored as"
                                    .formatted(bits)
                            + " 16-bit integers");
        }
    }
}
