package dev.fewbit.onnx.graph;

import java.util.Objects;

/**
 * A function that the model itself defines; a node with the same domain, operator and overload
 * calls it. The body is carried along encoded and not edited here.
 *
 * @param domain operator domain
 * @param name operator name
 * @param overload told apart by this when several functions share a name; mostly empty
 * @param encoded the whole {@code FunctionProto}
 */
public record FunctionDefinition(String domain, String name, String overload, StoredBytes encoded) {
    public FunctionDefinition {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(overload, "overload");
        Objects.requireNonNull(encoded, "encoded");
    }
}
