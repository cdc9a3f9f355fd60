package dev.fewbit.runtime.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Brings elements into the byte order of this machine. */
final class ByteOrders {

    private ByteOrders() {}

    /**
     * Swaps the bytes of every element in place unless their order is native.
     *
     * @param bytes elements
     * @param width bytes of one element
     * @param order their order
     */
    static void toNative(byte[] bytes, int width, ByteOrder order) {
        if (order == ByteOrder.nativeOrder() || width == 1) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int i = 0; i < bytes.length; i += width) {
            switch (width) {
                case 2 -> buffer.putShort(i, Short.reverseBytes(buffer.getShort(i)));
                case 4 -> buffer.putInt(i, Integer.reverseBytes(buffer.getInt(i)));
                case 8 -> buffer.putLong(i, Long.reverseBytes(buffer.getLong(i)));
                default -> throw new IllegalArgumentException("no element has " + width + " bytes");
            }
        }
    }
}
