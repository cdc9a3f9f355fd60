package dev.fewbit.onnx.encode;

import dev.fewbit.core.pack.BitPacking;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;

import java.io.IOException;

/** The ways in which codes are put into a file. */
final class CodeSinks {
    private CodeSinks() {}

    /**
     * Codes of 8 bits as they are; narrower ones packed like ONNX's own types. Pieces must begin at
     * a whole byte.
     */
    static CodeSink packed(FillContext context, Pending target, int bits) {
        if (bits == 8) {
            return (codes, from, count, firstElement) ->
                    context.write(target, firstElement, codes, from, count);
        }
        return (codes, from, count, firstElement) -> {
            long firstBit = Math.multiplyExact(firstElement, bits);
            if (firstBit % 8 != 0) {
                throw new IllegalStateException(
                        "a piece of " + bits + "-bit codes begins inside a byte: " + firstElement);
            }
            byte[] bytes = new byte[Math.toIntExact(BitPacking.packedSize(count, bits))];
            BitPacking.pack(codes, from, count, bits, bytes, 0);
            context.write(target, firstBit / 8, bytes, 0, bytes.length);
        };
    }

    /** Rows of planes. Pieces must be whole rows. */
    static CodeSink planes(FillContext context, Pending target, CodePlanes planes, int offset) {
        int width = Math.toIntExact(planes.width());
        int rowBytes = Math.toIntExact(planes.rowBytes());
        return (codes, from, count, firstElement) -> {
            if (firstElement % width != 0 || count % width != 0) {
                throw new IllegalStateException(
                        "a piece of "
                                + count
                                + " codes at "
                                + firstElement
                                + " is not whole rows of "
                                + width);
            }
            int rows = count / width;
            byte[] bytes = new byte[Math.multiplyExact(rows, rowBytes)];
            for (int row = 0; row < rows; row++) {
                planes.packRow(codes, from + row * width, offset, bytes, row * rowBytes);
            }
            context.write(target, firstElement / width * rowBytes, bytes, 0, bytes.length);
        };
    }

    /** Collects all codes, one byte each, and hands them on in one piece. */
    static CodeSink inOnePiece(CodeSink next, long elements) {
        byte[] all = new byte[Math.toIntExact(elements)];
        return new CodeSink() {
            @Override
            public void accept(byte[] codes, int from, int count, long firstElement) {
                System.arraycopy(codes, from, all, Math.toIntExact(firstElement), count);
            }

            @Override
            public void finish(FillContext context) throws IOException {
                next.accept(all, 0, all.length, 0);
                next.finish(context);
            }
        };
    }

    /** Hands codes on and keeps a copy of them, in the order of the weight. */
    static CodeSink copying(CodeSink next, byte[] copy) {
        return (codes, from, count, firstElement) -> {
            System.arraycopy(codes, from, copy, Math.toIntExact(firstElement), count);
            next.accept(codes, from, count, firstElement);
        };
    }

    /** Takes codes and forgets them. */
    static CodeSink nowhere() {
        return (codes, from, count, firstElement) -> {};
    }
}
