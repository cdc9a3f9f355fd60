package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.wire.RemainderBuilder;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes one {@code AttributeProto}. Its type comes after its value in the file, so a first pass
 * finds the type and a second one decodes.
 */
final class AttributeDecoder {
    /** Longer strings (compiled kernels, say) stay in the file. */
    private static final long MOST_STRING_BYTES = 1 << 16;

    private final Decoding decoding;
    private final WireInput input;
    private final int depth;
    private final List<GraphDraft> subgraphs;
    private final RemainderBuilder remainder;
    private final RemainderBuilder opaque;

    private String name = "";
    private long typeCode;
    private boolean isReference;
    private boolean hasLongString;
    private @Nullable AttributeKind found;

    private long intValue;
    private float floatValue;
    private final LongList ints = new LongList();
    private final List<Float> floats = new ArrayList<>(0);
    private final List<AttributeValue.StringValue> strings = new ArrayList<>(1);
    private final List<Tensor> tensors = new ArrayList<>(1);
    private final List<Graph> graphs = new ArrayList<>(1);

    private AttributeDecoder(Decoding decoding, int depth, List<GraphDraft> subgraphs) {
        this.decoding = decoding;
        this.input = decoding.input;
        this.depth = depth;
        this.subgraphs = subgraphs;
        this.remainder = new RemainderBuilder(input);
        this.opaque = new RemainderBuilder(input);
    }

    /**
     * Decodes the attribute whose length comes next.
     *
     * @param depth of the graph around it
     * @param subgraphs receives the subgraphs in it, still to be linked
     */
    static Attribute decode(Decoding decoding, int depth, List<GraphDraft> subgraphs)
            throws IOException {
        decoding.spend(1);
        long outer = decoding.input.enter();
        Attribute attribute = new AttributeDecoder(decoding, depth, subgraphs).decode();
        decoding.input.leave(outer);
        return attribute;
    }

    private Attribute decode() throws IOException {
        long start = input.position();
        findKind();
        AttributeKind kind = typeCode == 0 ? found : AttributeKind.ofCode(typeCode);
        if (isReference || hasLongString || typeCode != (int) typeCode) {
            kind = null;
        }
        if (name.isEmpty()) {
            throw decoding.damaged("an attribute has no name");
        }
        input.seek(start);
        readFields(kind);
        AttributeValue value =
                kind == null
                        ? new AttributeValue.Opaque((int) typeCode, opaque.build())
                        : value(kind);
        return new Attribute(name, value, remainder.build());
    }

    private void findKind() throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case AttributeKind.NAME_FIELD << 3 | WireType.LENGTH -> name = input.readString();
                case AttributeKind.TYPE_FIELD << 3 | WireType.VARINT ->
                        typeCode = input.readVarint();
                default -> {
                    long valueStart = input.position();
                    input.skip(tag);
                    AttributeKind kind = AttributeKind.ofTag(tag);
                    found = kind == null ? found : kind;
                    hasLongString |=
                            (kind == AttributeKind.STRING || kind == AttributeKind.STRINGS)
                                    && input.position() - valueStart > MOST_STRING_BYTES;
                    isReference |= WireType.field(tag) == AttributeKind.REFERENCE_FIELD;
                }
            }
        }
    }

    private void readFields(@Nullable AttributeKind kind) throws IOException {
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == WireType.tag(AttributeKind.NAME_FIELD, WireType.LENGTH)
                    || tag == WireType.tag(AttributeKind.TYPE_FIELD, WireType.VARINT)) {
                input.skip(tag);
            } else if (kind == null) {
                opaque.keep(tag, start);
            } else if (kind.owns(tag)) {
                readValue(kind, tag);
            } else {
                remainder.keep(tag, start);
            }
            start = input.position();
        }
    }

    private void readValue(AttributeKind kind, int tag) throws IOException {
        switch (kind) {
            case FLOAT -> floatValue = Float.intBitsToFloat(input.readFixed32());
            case INT -> intValue = input.readVarint();
            case STRING -> {
                strings.clear();
                strings.add(new AttributeValue.StringValue(input.readBytes(MOST_STRING_BYTES)));
            }
            case STRINGS -> {
                decoding.spend(1);
                strings.add(new AttributeValue.StringValue(input.readBytes(MOST_STRING_BYTES)));
            }
            case TENSOR, TENSORS -> tensors.add(TensorDecoder.decode(decoding));
            case GRAPH, GRAPHS -> {
                GraphDraft draft = GraphDecoder.decode(decoding, depth + 1);
                subgraphs.add(draft);
                graphs.add(draft.graph);
            }
            case FLOATS -> readFloats(tag);
            case INTS -> {
                if (WireType.of(tag) == WireType.LENGTH) {
                    ints.readPacked(input);
                } else {
                    ints.add(input.readVarint());
                }
            }
        }
    }

    private void readFloats(int tag) throws IOException {
        if (WireType.of(tag) == WireType.FIXED32) {
            floats.add(Float.intBitsToFloat(input.readFixed32()));
            return;
        }
        long outer = input.enter();
        while (input.position() < input.limit()) {
            floats.add(Float.intBitsToFloat(input.readFixed32()));
        }
        input.leave(outer);
    }

    private AttributeValue value(AttributeKind kind) throws OnnxFormatException {
        return switch (kind) {
            case FLOAT -> new AttributeValue.FloatValue(floatValue);
            case INT -> new AttributeValue.IntValue(intValue);
            case STRING ->
                    strings.isEmpty() ? new AttributeValue.StringValue("") : strings.getFirst();
            case STRINGS -> new AttributeValue.StringsValue(strings);
            case TENSOR -> new AttributeValue.TensorValue(only(tensors, "tensor"));
            case TENSORS -> new AttributeValue.TensorsValue(tensors);
            case GRAPH -> new AttributeValue.GraphValue(only(graphs, "graph"));
            case GRAPHS -> new AttributeValue.GraphsValue(graphs);
            case INTS -> new AttributeValue.IntsValue(ints.toArray());
            case FLOATS -> {
                float[] values = new float[floats.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = floats.get(i);
                }
                yield new AttributeValue.FloatsValue(values);
            }
        };
    }

    private <T> T only(List<T> values, String what) throws OnnxFormatException {
        if (values.size() != 1) {
            throw decoding.damaged(
                    "the attribute \""
                            + name
                            + "\" should hold one "
                            + what
                            + ", but holds "
                            + values.size());
        }
        return values.getFirst();
    }
}
