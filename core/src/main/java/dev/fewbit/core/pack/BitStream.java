package dev.fewbit.core.pack;

import java.util.Arrays;

/** The specification of {@link BitPacking}, one code at a time. Arguments are not checked. */
final class BitStream {

    private BitStream() {}

    static void pack(byte[] codes, int from, int count, int bits, byte[] packed, int at) {
        int mask = (1 << bits) - 1;
        Arrays.fill(packed, at, at + (int) BitPacking.packedSize(count, bits), (byte) 0);
        for (int i = 0; i < count; i++) {
            long bit = (long) i * bits;
            int to = at + (int) (bit / 8);
            int shifted = (codes[from + i] & mask) << (bit % 8);
            packed[to] |= (byte) shifted;
            if (bit % 8 + bits > 8) {
                packed[to + 1] |= (byte) (shifted >>> 8);
            }
        }
    }

    static void unpack(
            byte[] packed, int from, int count, int bits, byte[] codes, int at, boolean signed) {
        int unused = Integer.SIZE - bits;
        for (int i = 0; i < count; i++) {
            long bit = (long) i * bits;
            int source = from + (int) (bit / 8);
            int window = packed[source] & 0xFF;
            if (bit % 8 + bits > 8) {
                window |= (packed[source + 1] & 0xFF) << 8;
            }
            int high = (window >>> (bit % 8)) << unused;
            codes[at + i] = (byte) (signed ? high >> unused : high >>> unused);
        }
    }
}
