package dev.fewbit.runtime.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A dense array of numbers in row-major order, as models take and give them.
 *
 * <p>At most 2 GiB, the limit of one Java buffer. Immutable as long as the bytes that it was made
 * from are left alone.
 */
public final class NumberArray {

    private final NumberType type;
    private final long[] shape;
    private final ByteBuffer bytes;
    private final int size;

    /**
     * Wraps elements.
     *
     * @param type element type
     * @param shape dimensions; none for a scalar
     * @param bytes the elements in native byte order, from position 0 to the limit
     * @throws IllegalArgumentException if the number of bytes does not match type and shape
     */
    public NumberArray(NumberType type, long[] shape, ByteBuffer bytes) {
        this.type = type;
        this.shape = shape.clone();
        this.bytes = bytes.slice().order(ByteOrder.nativeOrder());
        long count = elementCount(shape);
        if (count * type.byteSize() != this.bytes.limit()) {
            throw new IllegalArgumentException(
                    type.label()
                            + Arrays.toString(shape)
                            + " takes "
                            + count * type.byteSize()
                            + " bytes, got "
                            + this.bytes.limit());
        }
        this.size = (int) count;
    }

    /**
     * An array of 32-bit floats.
     *
     * @param values elements in row-major order
     * @param shape dimensions
     */
    public static NumberArray ofFloats(float[] values, long... shape) {
        ByteBuffer bytes = allocate(NumberType.FLOAT32, values.length);
        bytes.asFloatBuffer().put(values);
        return new NumberArray(NumberType.FLOAT32, shape, bytes);
    }

    /**
     * An array of 64-bit integers.
     *
     * @param values elements in row-major order
     * @param shape dimensions
     */
    public static NumberArray ofLongs(long[] values, long... shape) {
        ByteBuffer bytes = allocate(NumberType.INT64, values.length);
        bytes.asLongBuffer().put(values);
        return new NumberArray(NumberType.INT64, shape, bytes);
    }

    /**
     * An array of 64-bit floats.
     *
     * @param values elements in row-major order
     * @param shape dimensions
     */
    public static NumberArray ofDoubles(double[] values, long... shape) {
        ByteBuffer bytes = allocate(NumberType.FLOAT64, values.length);
        bytes.asDoubleBuffer().put(values);
        return new NumberArray(NumberType.FLOAT64, shape, bytes);
    }

    /**
     * Zeroed memory for elements, in native byte order.
     *
     * @param type element type
     * @param count number of elements
     * @throws IllegalArgumentException if one buffer cannot hold them
     */
    static ByteBuffer allocate(NumberType type, long count) {
        long size = count * type.byteSize();
        if (count < 0 || count > Integer.MAX_VALUE || size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    count + " elements of " + type.label() + " are more than one array can hold");
        }
        return ByteBuffer.allocate((int) size).order(ByteOrder.nativeOrder());
    }

    /**
     * Number of elements of a shape.
     *
     * @param shape dimensions, none negative
     * @throws IllegalArgumentException if a dimension is negative or the product overflows
     */
    static long elementCount(long[] shape) {
        long count = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "a dimension of " + Arrays.toString(shape) + " is negative");
            }
            try {
                count = Math.multiplyExact(count, dimension);
            } catch (ArithmeticException overflow) {
                throw new IllegalArgumentException(
                        Arrays.toString(shape) + " has too many elements", overflow);
            }
        }
        return count;
    }

    /** Element type. */
    public NumberType type() {
        return type;
    }

    /** Dimensions. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** Number of elements. */
    public int size() {
        return size;
    }

    /** The elements, read-only, in native byte order. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * One element as a double; 64-bit integers beyond 2^53 are rounded.
     *
     * @param index row-major number of the element
     */
    public double doubleAt(int index) {
        return type.doubleAt(bytes, index);
    }

    /**
     * One element of an integer or bool array; unsigned 64-bit values keep their bits.
     *
     * @param index row-major number of the element
     * @throws IllegalStateException if the type is a floating-point type
     */
    public long longAt(int index) {
        return type.longAt(bytes, index);
    }

    /**
     * The same numbers as another type: integers must survive exactly, floats are rounded to the
     * nearest.
     *
     * @param target the type wanted
     * @throws IllegalArgumentException if a value does not survive; the message names it
     */
    public NumberArray as(NumberType target) {
        return ArrayConversion.convert(this, target);
    }

    /**
     * The same elements under another shape.
     *
     * @param newShape dimensions with the same number of elements
     */
    public NumberArray reshape(long... newShape) {
        return new NumberArray(type, newShape, bytes);
    }

    /** Type and shape, for messages. */
    @Override
    public String toString() {
        return type.label() + Arrays.toString(shape);
    }
}
