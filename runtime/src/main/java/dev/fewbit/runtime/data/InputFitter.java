package dev.fewbit.runtime.data;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes what a file holds for one sample into what the model takes: adds the batch axis that rows
 * of an array have lost, converts element types, derives inputs that are customarily omitted.
 */
final class InputFitter {

    private final ModelInputs inputs;
    private final Set<String> warnings = new LinkedHashSet<>();

    InputFitter(ModelInputs inputs) {
        this.inputs = inputs;
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /**
     * Fits one sample.
     *
     * @param where file and line or sample, for messages
     * @param found arrays by name, as the data holds them
     * @return an array for every model input, in the model's order
     */
    Map<String, NumberArray> fit(String where, Map<String, NumberArray> found)
            throws SampleDataException {
        Map<String, NumberArray> fitted = new LinkedHashMap<>();
        for (InputSpecification input : inputs.inputs()) {
            NumberArray array = found.get(input.name());
            if (array != null) {
                fitted.put(input.name(), fit(where, input, array));
            }
        }
        Map<String, NumberArray> complete = new LinkedHashMap<>();
        for (InputSpecification input : inputs.inputs()) {
            NumberArray array = fitted.get(input.name());
            complete.put(input.name(), array != null ? array : derive(where, input, fitted, found));
        }
        return complete;
    }

    private NumberArray fit(String where, InputSpecification input, NumberArray array)
            throws SampleDataException {
        NumberArray shaped = array;
        if (array.rank() == input.rank() - 1) {
            long[] shape = new long[input.rank()];
            shape[0] = 1;
            System.arraycopy(array.shape(), 0, shape, 1, array.rank());
            shaped = array.reshape(shape);
        }
        if (!input.accepts(shaped.shape())) {
            throw new SampleDataException(
                    where,
                    "input '"
                            + input.name()
                            + "' takes "
                            + input.describe()
                            + ", got "
                            + array
                            + " for one sample",
                    "Give each sample the shape that the model takes, with or without its batch"
                            + " axis");
        }
        try {
            return shaped.as(input.type());
        } catch (IllegalArgumentException lost) {
            throw new SampleDataException(
                    where,
                    "input '"
                            + input.name()
                            + "' takes "
                            + input.type().label()
                            + " and the data is "
                            + array.type().label()
                            + " that cannot be converted without loss: "
                            + lost.getMessage(),
                    "Store the data as " + input.type().label());
        }
    }

    private NumberArray derive(
            String where,
            InputSpecification input,
            Map<String, NumberArray> fitted,
            Map<String, NumberArray> found)
            throws SampleDataException {
        Optional<OmittedInput> kind = OmittedInput.of(input.name());
        NumberArray reference = reference(input, fitted.values());
        if (kind.isEmpty() || reference == null) {
            throw missing(where, input, found.keySet());
        }
        if (!input.accepts(reference.shape())) {
            throw missing(where, input, found.keySet());
        }
        warn(
                "input '"
                        + input.name()
                        + "' is not in the data; it was filled with "
                        + kind.get().words());
        return kind.get().derive(reference.shape()).as(input.type());
    }

    /** The array whose shape a derived input takes over: token ids of the same rank. */
    private @Nullable NumberArray reference(
            InputSpecification input, Collection<NumberArray> arrays) {
        for (NumberArray array : arrays) {
            if (array.rank() == input.rank() && array.rank() > 0 && !array.type().isFloat()) {
                return array;
            }
        }
        return null;
    }

    private SampleDataException missing(String where, InputSpecification input, Set<String> names) {
        return new SampleDataException(
                where,
                "input '"
                        + input.name()
                        + "' ("
                        + input.describe()
                        + ") is missing; the data has "
                        + (names.isEmpty() ? "no arrays" : names),
                "Name the arrays like the model's inputs: " + inputs.names());
    }
}
