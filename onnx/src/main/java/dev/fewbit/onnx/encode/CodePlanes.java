package dev.fewbit.onnx.encode;

import dev.fewbit.core.pack.BitPlanes;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.weight.WeightSite;

import java.util.List;

/**
 * Rows of codes narrower than a byte, each split into {@link BitPlanes}.
 *
 * <p>A row holds the bytes of its planes one behind the other. A plane of b bits has p = 8 / b
 * codes to a byte and w bytes; byte k holds the codes k, k + w, k + 2w, ... from the low bits up.
 * So a plane is unpacked by two shifts of {@code [w]} bytes by {@code [p, 1]} distances, which
 * gives {@code [p, w]} codes in order, with operators that have uint8 kernels since opset 11; see
 * {@link PlaneNodes}.
 *
 * @param bits width of a code, 1 to 7
 * @param rows number of rows
 * @param width codes in a row
 */
record CodePlanes(int bits, long rows, long width) {

    /** Nodes that unpack a constant, roughly. */
    static int nodes(int bits) {
        int planes = BitPlanes.split(bits).size();
        return planes == 1 ? 5 : planes * 6 + 2;
    }

    /**
     * The rows of a weight: those that a Gather looks up; otherwise rows that make pieces which can
     * be written as soon as they are known, or one row for all if those would be padded.
     */
    static CodePlanes of(WeightSite site, WeightPlan plan, Storage storage) {
        int bits = plan.format().bits();
        long elements = site.tensor().elementCount();
        boolean lookedUp =
                plan.uses().stream().anyMatch(use -> use.encoding() == Encoding.GATHERED_ROWS);
        long width =
                lookedUp ? site.tensor().dimension(1) : StoredWeight.rowWidth(site, plan, storage);
        CodePlanes rows = new CodePlanes(bits, elements / width, width);
        return lookedUp || !rows.isPadded() ? rows : new CodePlanes(bits, 1, elements);
    }

    /** The planes, in the order in which they lie in a row. */
    List<BitPlanes.Plane> planes() {
        return BitPlanes.split(bits);
    }

    /** Whether all codes are one row, which cannot be written before the last is known. */
    boolean isOneRow() {
        return rows == 1;
    }

    /** Whether a plane of a row ends inside a byte. */
    boolean isPadded() {
        return planes().stream().anyMatch(plane -> width % plane.codesPerByte() != 0);
    }

    /** Bytes of a row. */
    long rowBytes() {
        return BitPlanes.rowBytes(width, bits);
    }

    /** Bytes of all rows. */
    long bytes() {
        return Math.multiplyExact(rows, rowBytes());
    }

    /**
     * Packs one row.
     *
     * @param codes one code per byte; only the low {@code bits} are looked at
     * @param from first code of the row
     * @param offset added to every code before packing, to count from 0
     * @param packed receives {@link #rowBytes} bytes
     * @param at index of the first of them
     */
    void packRow(byte[] codes, int from, int offset, byte[] packed, int at) {
        int to = at;
        for (BitPlanes.Plane plane : planes()) {
            BitPlanes.packRow(codes, from, Math.toIntExact(width), offset, plane, packed, to);
            to += Math.toIntExact(plane.rowBytes(width));
        }
    }
}
