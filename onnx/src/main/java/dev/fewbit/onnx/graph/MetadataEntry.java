package dev.fewbit.onnx.graph;

import java.util.Objects;

/**
 * One metadata property of a model.
 *
 * @param key name
 * @param value text
 * @param remainder unknown fields, written back as they were read
 */
public record MetadataEntry(String key, String value, Remainder remainder) {
    public MetadataEntry {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(remainder, "remainder");
    }
}
