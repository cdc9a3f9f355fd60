package dev.fewbit.runtime.data;

import java.util.List;

/**
 * What a model takes at one of its inputs.
 *
 * @param name name of the input
 * @param type element type
 * @param dimensions one per axis; none for a scalar or when the model does not state the rank
 */
public record InputSpecification(String name, NumberType type, List<Dimension> dimensions) {

    /** Copies the dimensions. */
    public InputSpecification {
        dimensions = List.copyOf(dimensions);
    }

    /** Number of axes; 0 for a scalar or when the model does not state the rank. */
    public int rank() {
        return dimensions.size();
    }

    /** Whether an array of this shape may be fed. */
    boolean accepts(long[] shape) {
        if (dimensions.isEmpty()) {
            return true;
        }
        if (shape.length != dimensions.size()) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            Dimension dimension = dimensions.get(axis);
            if (!dimension.isFree() && dimension.size() != shape[axis]) {
                return false;
            }
        }
        return true;
    }

    /** For example {@code int64[batch, 128]}. */
    public String describe() {
        return type.label() + dimensions;
    }
}
