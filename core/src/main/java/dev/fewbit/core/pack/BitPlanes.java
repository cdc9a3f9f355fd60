package dev.fewbit.core.pack;

import java.util.List;
import java.util.Objects;

/**
 * Codes of 3, 5, 6 and 7 bits as planes of 4, 2 and 1 bits, which are packed one by one: {@code
 * code = sum of plane(code) << shift}. ONNX has operators to unpack codes whose width divides 8.
 *
 * <p>In a row of codes of such a width, p to a byte and w bytes long, byte k holds the codes k, k +
 * w, k + 2 w, ... from the low bits up. So all the codes with the same place in their bytes are one
 * run of the row, and a row is unpacked by shifting whole rows of bytes and putting them one behind
 * the other.
 */
public final class BitPlanes {

    private BitPlanes() {}

    /**
     * Some adjacent bits of every code.
     *
     * @param shift place of the lowest
     * @param bits how many; 1, 2, 4 or 8
     */
    public record Plane(int shift, int bits) {

        /** Checks that the width divides 8 and the bits are bits of a byte. */
        public Plane {
            if (bits < 1
                    || bits > Byte.SIZE
                    || Byte.SIZE % bits != 0
                    || shift < 0
                    || shift + bits > Byte.SIZE) {
                throw new IllegalArgumentException(
                        "a plane has 1, 2, 4 or 8 of the bits of a byte, got %d from bit %d on"
                                .formatted(bits, shift));
            }
        }

        /** Codes to a byte. */
        public int codesPerByte() {
            return Byte.SIZE / bits;
        }

        /** Bytes of a row of so many codes. */
        public long rowBytes(long width) {
            return Math.ceilDiv(width, codesPerByte());
        }
    }

    /**
     * The fewest planes that codes can be split into, the widest and lowest first: 3 = 2 + 1, 5 = 4
     * + 1, 6 = 4 + 2, 7 = 4 + 2 + 1; 1, 2, 4 and 8 bits are one plane.
     *
     * @param bits 1 to 8
     */
    public static List<Plane> split(int bits) {
        return switch (bits) {
            case 1, 2, 4, 8 -> List.of(new Plane(0, bits));
            case 3 -> List.of(new Plane(0, 2), new Plane(2, 1));
            case 5 -> List.of(new Plane(0, 4), new Plane(4, 1));
            case 6 -> List.of(new Plane(0, 4), new Plane(4, 2));
            case 7 -> List.of(new Plane(0, 4), new Plane(4, 2), new Plane(6, 1));
            default ->
                    throw new IllegalArgumentException(
                            "codes of 1 to 8 bits have planes, got %d bits".formatted(bits));
        };
    }

    /** Bytes of a row of so many codes in all of its planes. */
    public static long rowBytes(long width, int bits) {
        return split(bits).stream().mapToLong(plane -> plane.rowBytes(width)).sum();
    }

    /**
     * Packs a plane of one row.
     *
     * @param codes one code a byte
     * @param from index of the first code of the row
     * @param width codes in the row
     * @param offset added to every code first, to count from 0
     * @param packed receives {@link Plane#rowBytes} bytes
     * @param at index of the first of them
     */
    public static void packRow(
            byte[] codes, int from, int width, int offset, Plane plane, byte[] packed, int at) {
        Objects.checkFromIndexSize(from, width, codes.length);
        int bytes = (int) plane.rowBytes(width);
        int mask = (1 << plane.bits()) - 1;
        for (int k = 0; k < bytes; k++) {
            packed[at + k] = (byte) (((codes[from + k] + offset) >> plane.shift()) & mask);
        }
        for (int place = 1; place * bytes < width; place++) {
            int start = from + place * bytes;
            int count = Math.min(bytes, width - place * bytes);
            for (int k = 0; k < count; k++) {
                int part = ((codes[start + k] + offset) >> plane.shift()) & mask;
                packed[at + k] |= (byte) (part << (place * plane.bits()));
            }
        }
    }

    /**
     * Puts a plane of one row back: the inverse of {@link #packRow}.
     *
     * @param codes unsigned codes, one a byte; the bits of the plane are set, the others stay
     */
    public static void unpackRow(
            byte[] packed, int from, int width, Plane plane, byte[] codes, int at) {
        Objects.checkFromIndexSize(at, width, codes.length);
        int bytes = (int) plane.rowBytes(width);
        int mask = (1 << plane.bits()) - 1;
        for (int i = 0; i < width; i++) {
            int part = (packed[from + i % bytes] >> (i / bytes * plane.bits())) & mask;
            int others = codes[at + i] & ~(mask << plane.shift());
            codes[at + i] = (byte) (others | (part << plane.shift()));
        }
    }
}
