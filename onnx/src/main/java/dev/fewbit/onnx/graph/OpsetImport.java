package dev.fewbit.onnx.graph;

import java.util.Objects;

/**
 * The version of an operator set that a model is written for.
 *
 * @param domain operator domain; the default domain is ""
 * @param version version of the set
 * @param remainder unknown fields, written back as they were read
 */
public record OpsetImport(String domain, long version, Remainder remainder) {
    public OpsetImport {
        domain = Model.normalDomain(domain);
        Objects.requireNonNull(remainder, "remainder");
    }
}
