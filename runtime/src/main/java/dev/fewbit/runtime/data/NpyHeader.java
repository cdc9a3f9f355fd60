package dev.fewbit.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Head of a {@code .npy} file, format versions 1 to 3.
 *
 * @param type element type
 * @param order byte order of the elements
 * @param columnMajor whether the first axis runs fastest (Fortran order)
 * @param shape dimensions
 * @param byteLength bytes before the first element
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the npy
 *     format</a>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; lives only while a file is read
record NpyHeader(
        NumberType type, ByteOrder order, boolean columnMajor, long[] shape, int byteLength) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ANY_TYPE = Pattern.compile("'descr'\\s*:\\s*([^,]*)");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,L\\s]*)\\)");
    private static final String ADVICE =
            "Write it again with numpy.save or numpy.savez, with a number type such as float32 or"
                    + " int64";

    /**
     * Reads the head and leaves the stream at the first element.
     *
     * @param where file and array, for messages
     * @param in the bytes
     */
    static NpyHeader read(String where, InputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2
                || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new SampleDataException(where, "this is not a numpy array", ADVICE);
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new SampleDataException(
                    where, "npy format version is 1, 2 or 3, got " + version, ADVICE);
        }
        int width = version == 1 ? 2 : 4;
        long length = littleEndian(where, in, width);
        if (length > LONGEST) {
            throw new SampleDataException(
                    where, "the header claims " + length + " bytes, more than " + LONGEST, ADVICE);
        }
        byte[] text = in.readNBytes((int) length);
        if (text.length < length) {
            throw new SampleDataException(where, "the file ends inside the npy header", ADVICE);
        }
        return parse(
                where,
                new String(text, StandardCharsets.UTF_8),
                start.length + width + text.length);
    }

    /** Elements of one step along the first axis. */
    long rowElements() {
        return NumberArray.elementCount(rowShape());
    }

    /** Dimensions without the first one. */
    long[] rowShape() {
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    /** Size of the first axis. */
    long rows() {
        return shape[0];
    }

    /** Bytes that the elements take. */
    long dataBytes() {
        return Math.multiplyExact(NumberArray.elementCount(shape), (long) type.byteSize());
    }

    private static long littleEndian(String where, InputStream in, int width) throws IOException {
        byte[] bytes = in.readNBytes(width);
        if (bytes.length < width) {
            throw new SampleDataException(where, "the file ends inside the npy header", ADVICE);
        }
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }

    private static NpyHeader parse(String where, String text, int byteLength)
            throws SampleDataException {
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!order.find() || !shape.find()) {
            throw new SampleDataException(where, "the npy header is malformed: " + text, ADVICE);
        }
        Matcher type = TYPE.matcher(text);
        if (!type.find()) {
            Matcher other = ANY_TYPE.matcher(text);
            throw unknownType(where, other.find() ? other.group(1) : text);
        }
        String descriptor = type.group(1);
        long[] dimensions = dimensions(where, shape.group(1));
        try {
            Math.multiplyExact(NumberArray.elementCount(dimensions), 8L);
        } catch (ArithmeticException | IllegalArgumentException overflow) {
            throw new SampleDataException(
                    where, "the shape (" + shape.group(1) + ") is too large", ADVICE);
        }
        return new NpyHeader(
                elementType(where, descriptor),
                descriptor.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                order.group(1).equals("True"),
                dimensions,
                byteLength);
    }

    private static long[] dimensions(String where, String text) throws SampleDataException {
        try {
            return Arrays.stream(text.replace("L", "").split(",", -1))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException malformed) {
            throw new SampleDataException(where, "the shape (" + text + ") is malformed", ADVICE);
        }
    }

    private static NumberType elementType(String where, String descriptor)
            throws SampleDataException {
        String code =
                !descriptor.isEmpty() && "<>|=".indexOf(descriptor.charAt(0)) >= 0
                        ? descriptor.substring(1)
                        : descriptor;
        return switch (code) {
            case "b1", "?" -> NumberType.BOOL;
            case "i1" -> NumberType.INT8;
            case "u1" -> NumberType.UINT8;
            case "i2" -> NumberType.INT16;
            case "u2" -> NumberType.UINT16;
            case "i4" -> NumberType.INT32;
            case "u4" -> NumberType.UINT32;
            case "i8" -> NumberType.INT64;
            case "u8" -> NumberType.UINT64;
            case "f2" -> NumberType.FLOAT16;
            case "f4" -> NumberType.FLOAT32;
            case "f8" -> NumberType.FLOAT64;
            default -> throw unknownType(where, descriptor);
        };
    }

    private static SampleDataException unknownType(String where, String descriptor) {
        return new SampleDataException(
                where,
                "element type "
                        + descriptor
                        + " is not a real number type (objects, text, complex numbers and records"
                        + " are not)",
                ADVICE);
    }

    /** The exception for a file that holds fewer elements than its header promises. */
    static SampleDataException truncated(String where) {
        return new SampleDataException(
                where,
                "the file ends before the last element that its header promises",
                "Copy it or write it again");
    }

    /** The exception for an archive whose compressed data is damaged. */
    static SampleDataException corrupt(String where, IOException cause) {
        return new SampleDataException(
                where, "the archive is corrupt" + detail(cause), "Copy it or write it again");
    }

    /** What the cause says, behind a colon; nothing when it says nothing. */
    static String detail(IOException cause) {
        return cause.getMessage() == null ? "" : ": " + cause.getMessage();
    }
}
