package dev.fewbit.onnx.wire;

/** The low three bits of a field's tag, and how to make and take apart tags. */
public final class WireType {
    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int LENGTH = 2;
    public static final int START_GROUP = 3;
    public static final int END_GROUP = 4;
    public static final int FIXED32 = 5;

    private WireType() {}

    /** The tag of a field: its number and the wire type of its value. */
    public static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    /** The field number in a tag. */
    public static int field(int tag) {
        return tag >>> 3;
    }

    /** The wire type in a tag. */
    public static int of(int tag) {
        return tag & 7;
    }
}
