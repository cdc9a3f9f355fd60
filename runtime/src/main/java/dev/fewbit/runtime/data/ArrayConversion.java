package dev.fewbit.runtime.data;

import java.nio.ByteBuffer;

/**
 * Changes the element type of sample data to what the model takes.
 *
 * <p>Between integers, and from floats to integers, every value must survive exactly. To
 * floating-point types values are rounded to the nearest (numpy writes float64 by default, models
 * take float32), but a finite value must stay finite.
 */
final class ArrayConversion {

    private ArrayConversion() {}

    /**
     * Converts an array.
     *
     * @param array what the data holds
     * @param target what the model takes
     * @return the array itself when the type is right already
     * @throws IllegalArgumentException if a value does not survive; the message names it
     */
    static NumberArray convert(NumberArray array, NumberType target) {
        if (array.type() == target) {
            return array;
        }
        ByteBuffer out = NumberArray.allocate(target, array.size());
        for (int i = 0; i < array.size(); i++) {
            boolean exact =
                    target.isFloat()
                            ? putFloat(out, i, target, array.doubleAt(i))
                            : putInteger(out, i, target, array);
            if (!exact) {
                throw new IllegalArgumentException(
                        "element " + i + " is " + text(array, i) + ", outside " + target.label());
            }
        }
        return new NumberArray(target, array.shape(), out);
    }

    private static String text(NumberArray array, int index) {
        return array.type().isFloat()
                ? Double.toString(array.doubleAt(index))
                : array.type() == NumberType.UINT64
                        ? Long.toUnsignedString(array.longAt(index))
                        : Long.toString(array.longAt(index));
    }

    private static boolean putFloat(ByteBuffer out, int index, NumberType target, double value) {
        float single = (float) value;
        switch (target) {
            case FLOAT64 -> {
                out.putDouble(index * 8, value);
                return true;
            }
            case FLOAT32 -> out.putFloat(index * 4, single);
            case FLOAT16 -> {
                short half = Float.floatToFloat16(single);
                out.putShort(index * 2, half);
                single = Float.float16ToFloat(half);
            }
            case BFLOAT16 -> {
                short brain = toBrainFloat(single);
                out.putShort(index * 2, brain);
                single = Float.intBitsToFloat(brain << 16);
            }
            case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 ->
                    throw new IllegalStateException(target.label() + " is no float type");
        }
        return Float.isFinite(single) || !Double.isFinite(value);
    }

    /** Rounds to the nearest bfloat16, ties to even. */
    static short toBrainFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int half = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + half) >>> 16);
    }

    private static boolean putInteger(
            ByteBuffer out, int index, NumberType target, NumberArray array) {
        long value;
        boolean large = false;
        if (array.type().isFloat()) {
            double real = array.doubleAt(index);
            value = (long) real;
            // 2^63 saturates to Long.MAX_VALUE, whose double is 2^63 again.
            if (value != real || real == 0x1p63) {
                return false;
            }
        } else {
            value = array.longAt(index);
            large = array.type() == NumberType.UINT64 && value < 0;
        }
        return switch (target) {
            case BOOL -> !large && put8(out, index, value, 0, 1);
            case INT8 -> !large && put8(out, index, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case UINT8 -> !large && put8(out, index, value, 0, 0xff);
            case INT16 -> !large && put16(out, index, value, Short.MIN_VALUE, Short.MAX_VALUE);
            case UINT16 -> !large && put16(out, index, value, 0, 0xffff);
            case INT32 -> !large && put32(out, index, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32 -> !large && put32(out, index, value, 0, 0xffff_ffffL);
            case INT64 -> {
                out.putLong(index * 8, value);
                yield !large;
            }
            case UINT64 -> {
                out.putLong(index * 8, value);
                yield value >= 0 || large;
            }
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 ->
                    throw new IllegalStateException(target.label() + " is no integer type");
        };
    }

    private static boolean put8(ByteBuffer out, int index, long value, long least, long most) {
        out.put(index, (byte) value);
        return value >= least && value <= most;
    }

    private static boolean put16(ByteBuffer out, int index, long value, long least, long most) {
        out.putShort(index * 2, (short) value);
        return value >= least && value <= most;
    }

    private static boolean put32(ByteBuffer out, int index, long value, long least, long most) {
        out.putInt(index * 4, (int) value);
        return value >= least && value <= most;
    }
}
