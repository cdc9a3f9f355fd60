package dev.fewbit.onnx.io;

import dev.fewbit.onnx.wire.WireType;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of attribute that are decoded, with their numbers in {@code AttributeType} and their
 * value fields.
 */
enum AttributeKind {
    FLOAT(1, 2, WireType.FIXED32),
    INT(2, 3, WireType.VARINT),
    STRING(3, 4, WireType.LENGTH),
    TENSOR(4, 5, WireType.LENGTH),
    GRAPH(5, 6, WireType.LENGTH),
    FLOATS(6, 7, WireType.FIXED32),
    INTS(7, 8, WireType.VARINT),
    STRINGS(8, 9, WireType.LENGTH),
    TENSORS(9, 10, WireType.LENGTH),
    GRAPHS(10, 11, WireType.LENGTH);

    static final int NAME_FIELD = 1;
    static final int TYPE_FIELD = 20;
    static final int REFERENCE_FIELD = 21;

    private static final AttributeKind[] ALL = values();

    final int code;
    final int field;
    final int wireType;

    AttributeKind(int code, int field, int wireType) {
        this.code = code;
        this.field = field;
        this.wireType = wireType;
    }

    /** Tag of the value field. */
    int tag() {
        return WireType.tag(field, wireType);
    }

    /** True when a tag is of this kind's value field, packed or not. */
    boolean owns(int tag) {
        return tag == tag()
                || ((this == FLOATS || this == INTS)
                        && tag == WireType.tag(field, WireType.LENGTH));
    }

    /** The kind of this number; null for kinds that stay encoded. */
    static @Nullable AttributeKind ofCode(long code) {
        return code < 1 || code > ALL.length ? null : ALL[(int) code - 1];
    }

    /** The kind to which a value field belongs; null when it is none. */
    static @Nullable AttributeKind ofTag(int tag) {
        for (AttributeKind kind : ALL) {
            if (kind.owns(tag)) {
                return kind;
            }
        }
        return null;
    }
}
