package dev.fewbit.onnx.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What an attribute of a node holds. */
// Arrays are copied on the way in and out, and equality compares their contents.
@SuppressWarnings("ArrayRecordComponent")
public sealed interface AttributeValue {

    /** The subgraphs in this value; none for all kinds but two. */
    default List<Graph> graphs() {
        return List.of();
    }

    /** An integer, as in {@code axis = 1}. */
    record IntValue(long value) implements AttributeValue {}

    /** A number, as in {@code alpha = 0.5}. */
    record FloatValue(float value) implements AttributeValue {}

    /** A string. ONNX keeps bytes; they are UTF-8 text nearly always, and never changed here. */
    record StringValue(byte[] bytes) implements AttributeValue {
        public StringValue {
            bytes = bytes.clone();
        }

        public StringValue(String text) {
            this(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        /** The bytes read as UTF-8. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof StringValue string && Arrays.equals(bytes, string.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "StringValue[" + text() + "]";
        }
    }

    /** A tensor, as in the {@code value} of a Constant. */
    record TensorValue(Tensor tensor) implements AttributeValue {
        public TensorValue {
            Objects.requireNonNull(tensor, "tensor");
        }
    }

    /**
     * A subgraph, as in the branches of an If. Its nodes may use values of the graphs around it.
     */
    record GraphValue(Graph graph) implements AttributeValue {
        public GraphValue {
            Objects.requireNonNull(graph, "graph");
        }

        @Override
        public List<Graph> graphs() {
            return List.of(graph);
        }
    }

    /** Integers, as in {@code perm = [0, 2, 1]}. */
    record IntsValue(long[] values) implements AttributeValue {
        public IntsValue {
            values = values.clone();
        }

        @Override
        public long[] values() {
            return values.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof IntsValue ints && Arrays.equals(values, ints.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "IntsValue" + Arrays.toString(values);
        }
    }

    /** Numbers. */
    record FloatsValue(float[] values) implements AttributeValue {
        public FloatsValue {
            values = values.clone();
        }

        @Override
        public float[] values() {
            return values.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FloatsValue floats && Arrays.equals(values, floats.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "FloatsValue" + Arrays.toString(values);
        }
    }

    /** Strings. */
    record StringsValue(List<StringValue> values) implements AttributeValue {
        public StringsValue {
            values = List.copyOf(values);
        }
    }

    /** Tensors. */
    record TensorsValue(List<Tensor> tensors) implements AttributeValue {
        public TensorsValue {
            tensors = List.copyOf(tensors);
        }
    }

    /** Subgraphs. */
    record GraphsValue(List<Graph> graphs) implements AttributeValue {
        public GraphsValue {
            graphs = List.copyOf(graphs);
        }
    }

    /**
     * Anything else, carried along encoded: sparse tensors, types, very long strings, kinds newer
     * than this software.
     *
     * @param typeCode number in {@code AttributeProto.AttributeType}; 0 when the file states none
     * @param fields the encoded value fields, tags included
     */
    record Opaque(int typeCode, Remainder fields) implements AttributeValue {
        public Opaque {
            Objects.requireNonNull(fields, "fields");
        }
    }
}
