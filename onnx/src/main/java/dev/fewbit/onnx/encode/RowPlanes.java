package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Value;

/**
 * Rows of codes narrower than a byte, split into planes: with p codes to a byte and w bytes to a
 * row, byte k holds the codes k, k + w, k + 2w, ... from the low bits up. So plane after plane is
 * unpacked by two shifts of whole bytes and the planes are put one behind the other, with operators
 * that have uint8 kernels since opset 11. For constants the runtime does all that when it loads the
 * model.
 */
final class RowPlanes {
    private RowPlanes() {}

    /** Codes that share a byte. */
    static int planes(int bits) {
        return 8 / bits;
    }

    /** Bytes of a row of {@code width} codes. */
    static long rowBytes(long width, int bits) {
        return Math.ceilDiv(width, planes(bits));
    }

    /**
     * Packs one row.
     *
     * @param codes one code per byte; only the low {@code bits} are looked at
     * @param from first code of the row
     * @param width codes in the row
     * @param offset added to every code before packing, to count from 0
     */
    static void packRow(
            byte[] codes, int from, int width, int offset, int bits, byte[] packed, int to) {
        int bytes = Math.toIntExact(rowBytes(width, bits));
        int mask = (1 << bits) - 1;
        for (int k = 0; k < bytes; k++) {
            packed[to + k] = (byte) ((codes[from + k] + offset) & mask);
        }
        for (int plane = 1; plane * bytes < width; plane++) {
            int shift = plane * bits;
            int start = from + plane * bytes;
            int count = Math.min(bytes, width - plane * bytes);
            for (int k = 0; k < count; k++) {
                packed[to + k] |= (byte) (((codes[start + k] + offset) & mask) << shift);
            }
        }
    }

    /**
     * {@code [..., w] uint8 -> BitShift, BitShift, ..., Concat(, Slice) -> [..., width] uint8}
     *
     * @param packed rows of bytes along the last axis
     * @param width codes in a row
     */
    static Value unpack(
            NodeInserter nodes, SharedConstants constants, Value packed, long width, int bits) {
        int planes = planes(bits);
        if (planes == 1) {
            return packed;
        }
        Value[] parts = new Value[planes];
        for (int plane = 0; plane < planes; plane++) {
            Value part = packed;
            int above = 8 - bits * (plane + 1);
            if (above > 0) {
                part = shift(nodes, constants, part, "LEFT", above);
            }
            parts[plane] = shift(nodes, constants, part, "RIGHT", 8 - bits);
        }
        Value codes = nodes.add("Concat", node -> node.setAttribute("axis", -1), parts);
        if (rowBytes(width, bits) * planes == width) {
            return codes;
        }
        return nodes.add(
                "Slice", codes, constants.longs(0), constants.longs(width), constants.longs(-1));
    }

    private static Value shift(
            NodeInserter nodes, SharedConstants constants, Value bytes, String direction, int by) {
        return nodes.add(
                "BitShift",
                node -> node.setAttribute("direction", direction),
                bytes,
                constants.unsignedByte(by));
    }
}
