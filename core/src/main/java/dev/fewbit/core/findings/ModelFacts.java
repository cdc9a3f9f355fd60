package dev.fewbit.core.findings;

import java.util.Map;

/**
 * What a model file is, without running it.
 *
 * @param file file name without its folder
 * @param fileBytes size on disk in bytes, external data included
 * @param weightBytes bytes of constant tensors
 * @param parameters number of elements of constant floating-point tensors, or of their quantized
 *     replacements
 * @param nodes number of graph nodes, subgraphs included
 * @param irVersion ONNX IR version
 * @param opsets operator-set version by domain; the default domain is {@code ai.onnx}
 */
public record ModelFacts(
        String file,
        long fileBytes,
        long weightBytes,
        long parameters,
        int nodes,
        long irVersion,
        Map<String, Long> opsets) {

    /** Copies the map. */
    public ModelFacts {
        opsets = Map.copyOf(opsets);
    }
}
