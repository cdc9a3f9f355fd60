package dev.fewbit.onnx.graph;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A constant: element type, shape, and where its bytes are, outermost axis first and rows
 * contiguous. Immutable; the bytes of a tensor from a file stay in the file and are read when asked
 * for, from any thread.
 */
public final class Tensor {
    private final String name;
    private final ElementType elementType;
    private final long[] shape;
    private final TensorData data;
    private final Remainder remainder;

    /**
     * @param name name in the file; an initializer is written under its value's name instead
     * @param elementType type of the elements
     * @param shape sizes, outermost first; empty for a scalar
     * @param data the bytes, as many as type and shape ask for
     * @param remainder doc string, metadata and unknown fields, written back as they were read
     * @throws IllegalArgumentException when the number of bytes does not fit type and shape
     */
    public Tensor(
            String name,
            ElementType elementType,
            long[] shape,
            TensorData data,
            Remainder remainder) {
        this.name = Objects.requireNonNull(name, "name");
        this.elementType = Objects.requireNonNull(elementType, "elementType");
        this.shape = shape.clone();
        this.data = Objects.requireNonNull(data, "data");
        this.remainder = Objects.requireNonNull(remainder, "remainder");
        long expected = elementType.byteSize(elementCount(shape));
        if (elementType != ElementType.STRING && data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "A tensor of type "
                            + elementType
                            + " and shape "
                            + Arrays.toString(shape)
                            + " takes "
                            + expected
                            + " bytes, but there are "
                            + data.byteSize()
                            + ": "
                            + data);
        }
    }

    public Tensor(ElementType elementType, long[] shape, TensorData data) {
        this("", elementType, shape, data, Remainder.NONE);
    }

    /** A float tensor in memory. */
    public static Tensor ofFloats(long[] shape, float... values) {
        byte[] raw = new byte[Math.multiplyExact(values.length, Float.BYTES)];
        littleEndian(raw).asFloatBuffer().put(values);
        return ofBytes(ElementType.FLOAT, shape, raw);
    }

    /** An int64 tensor in memory. */
    public static Tensor ofLongs(long[] shape, long... values) {
        byte[] raw = new byte[Math.multiplyExact(values.length, Long.BYTES)];
        littleEndian(raw).asLongBuffer().put(values);
        return ofBytes(ElementType.INT64, shape, raw);
    }

    /** An int32 tensor in memory. */
    public static Tensor ofInts(long[] shape, int... values) {
        byte[] raw = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
        littleEndian(raw).asIntBuffer().put(values);
        return ofBytes(ElementType.INT32, shape, raw);
    }

    /** A tensor of any type in memory, from little-endian raw bytes, which are not copied. */
    public static Tensor ofBytes(ElementType elementType, long[] shape, byte[] raw) {
        return new Tensor(elementType, shape, InlineBytes.of(raw));
    }

    /** A tensor whose bytes the filler will produce while the model is written. */
    public static Tensor pending(ElementType elementType, long[] shape, TensorFiller filler) {
        return new Tensor(
                elementType, shape, new Pending(elementType.byteSize(elementCount(shape)), filler));
    }

    /**
     * The product of the sizes; 1 for a scalar, 0 when one size is 0.
     *
     * @throws IllegalArgumentException when a size is negative
     * @throws ArithmeticException when the product does not fit in a long
     */
    public static long elementCount(long[] shape) {
        boolean empty = false;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(
                        "A dimension cannot be negative: " + Arrays.toString(shape));
            }
            empty |= size == 0;
        }
        long count = empty ? 0 : 1;
        for (int axis = 0; axis < shape.length && !empty; axis++) {
            count = Math.multiplyExact(count, shape[axis]);
        }
        return count;
    }

    /** The name in the file; may be empty. */
    public String name() {
        return name;
    }

    /** Type of the elements. */
    public ElementType elementType() {
        return elementType;
    }

    /** Sizes, outermost first; a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of axes; 0 for a scalar. */
    public int rank() {
        return shape.length;
    }

    /** Size of one axis. */
    public long dimension(int axis) {
        return shape[axis];
    }

    /** Number of elements. */
    public long elementCount() {
        return elementCount(shape);
    }

    /** Size in {@code raw_data} form, in bytes. */
    public long byteSize() {
        return data.byteSize();
    }

    /** Where the bytes are. */
    public TensorData data() {
        return data;
    }

    /** Doc string, metadata and unknown fields, written back as they were read. */
    public Remainder remainder() {
        return remainder;
    }

    /** The same tensor with other bytes. */
    public Tensor withData(TensorData newData) {
        return new Tensor(name, elementType, shape, newData, remainder);
    }

    /**
     * Opens the tensor for bulk reading. This is the way to stream a large tensor: nothing is
     * mapped and only what is asked for is read.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalStateException when the tensor is pending or holds strings
     */
    public TensorReader reader() throws IOException {
        return TensorReader.open(this);
    }

    /**
     * The little-endian raw bytes; mapped, where they are in a file, until the arena is closed.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalStateException when the tensor is pending or holds strings
     */
    public MemorySegment open(Arena arena) throws IOException {
        return TensorBytes.map(this, arena);
    }

    /**
     * All elements of a float, float16, bfloat16 or double tensor.
     *
     * @throws IllegalStateException when the tensor has another type, or more elements than an
     *     array can hold
     */
    public float[] floats() throws IOException {
        float[] values = new float[arrayLength()];
        try (TensorReader reader = reader()) {
            reader.readFloats(0, values, 0, values.length);
        }
        return values;
    }

    /**
     * All elements of an integer or boolean tensor, 4-bit and 2-bit types included.
     *
     * @throws IllegalStateException when the tensor has another type, or more elements than an
     *     array can hold
     */
    public long[] longs() throws IOException {
        int length = arrayLength();
        return ElementDecoding.longs(elementType, littleEndian(bytes()), length);
    }

    /**
     * All raw bytes.
     *
     * @throws IllegalStateException when there are more than an array can hold
     */
    public byte[] bytes() throws IOException {
        if (byteSize() > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    this + " does not fit in one array; read it in pieces through reader()");
        }
        byte[] raw = new byte[(int) byteSize()];
        try (TensorReader reader = reader()) {
            reader.readBytes(0, raw, 0, raw.length);
        }
        return raw;
    }

    private static ByteBuffer littleEndian(byte[] raw) {
        return ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int arrayLength() {
        long count = elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    this + " does not fit in one array; read it in pieces through reader()");
        }
        return (int) count;
    }

    /** Type and shape, as in messages: {@code FLOAT[384, 1536]}. */
    @Override
    public String toString() {
        return elementType + Arrays.toString(shape) + (name.isEmpty() ? "" : " " + name);
    }
}
