package dev.fewbit.runtime.data;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All inputs that must be fed to a model, in the model's order.
 *
 * @param inputs the inputs, names unique
 */
public record ModelInputs(List<InputSpecification> inputs) {

    /** Copies the list and rejects a name that comes twice. */
    public ModelInputs {
        inputs = List.copyOf(inputs);
        Set<String> names = new HashSet<>();
        for (InputSpecification input : inputs) {
            if (!names.add(input.name())) {
                throw new IllegalArgumentException("two inputs are named " + input.name());
            }
        }
    }

    /** Names in the model's order. */
    public List<String> names() {
        return inputs.stream().map(InputSpecification::name).toList();
    }

    /** The input of that name. */
    public Optional<InputSpecification> find(String name) {
        return inputs.stream().filter(input -> input.name().equals(name)).findFirst();
    }

    /**
     * Rows of a batch: the first axis of the first input that has one.
     *
     * @param arrays fitted inputs
     * @return at least 1
     */
    static int rows(Map<String, NumberArray> arrays) {
        for (NumberArray array : arrays.values()) {
            if (array.rank() > 0) {
                return (int) Math.max(array.shape()[0], 1);
            }
        }
        return 1;
    }

    /** For example {@code input_ids int64[batch, sequence], mask int64[batch, sequence]}. */
    public String describe() {
        return String.join(
                ", ", inputs.stream().map(input -> input.name() + " " + input.describe()).toList());
    }
}
