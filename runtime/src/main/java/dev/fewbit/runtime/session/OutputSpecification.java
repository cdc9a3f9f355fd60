package dev.fewbit.runtime.session;

import dev.fewbit.runtime.data.Dimension;
import dev.fewbit.runtime.data.NumberType;

import java.util.List;
import java.util.Optional;

/**
 * What a model gives at one of its outputs.
 *
 * @param name name of the output
 * @param type element type; empty when the output cannot be read as numbers (text, sequences, types
 *     narrower than 8 bits)
 * @param dimensions one per axis
 */
public record OutputSpecification(
        String name, Optional<NumberType> type, List<Dimension> dimensions) {

    /** Copies the dimensions. */
    public OutputSpecification {
        dimensions = List.copyOf(dimensions);
    }
}
