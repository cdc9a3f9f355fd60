package dev.fewbit.runtime.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which inputs of a language model take what of a row of tokens: ids, attention mask, segments,
 * positions. One row at a time, without padding, unless the model's length is fixed.
 */
final class TokenInputs {

    private final InputSpecification ids;
    private final ModelInputs inputs;

    private TokenInputs(InputSpecification ids, ModelInputs inputs) {
        this.ids = ids;
        this.inputs = inputs;
    }

    /**
     * Finds the inputs.
     *
     * @param where the data, for messages
     * @param inputs what the model takes
     * @throws SampleDataException unless exactly one input takes token ids
     */
    static TokenInputs of(String where, ModelInputs inputs) throws SampleDataException {
        List<InputSpecification> candidates = new ArrayList<>();
        for (InputSpecification input : inputs.inputs()) {
            boolean rows = input.rank() == 2 || input.rank() == 0;
            if (OmittedInput.of(input.name()).isEmpty() && !input.type().isFloat() && rows) {
                candidates.add(input);
            }
        }
        List<InputSpecification> named =
                candidates.stream().filter(input -> input.name().equals("input_ids")).toList();
        candidates = named.isEmpty() ? candidates : named;
        if (candidates.size() != 1) {
            throw new SampleDataException(
                    where,
                    "this is text or rows of tokens, and the model has "
                            + candidates.size()
                            + " inputs that could take token ids; it takes "
                            + inputs.describe(),
                    "Give the arrays by name in .jsonl or .npz");
        }
        return new TokenInputs(candidates.getFirst(), inputs);
    }

    /** Name of the input that takes the ids. */
    String name() {
        return ids.name();
    }

    /** Length of the rows that the model takes, where it is fixed. */
    Optional<Integer> fixedLength() {
        if (ids.rank() != 2 || ids.dimensions().get(1).isFree()) {
            return Optional.empty();
        }
        return Optional.of((int) ids.dimensions().get(1).size());
    }

    /**
     * The arrays of one row.
     *
     * @param tokens token ids, at least one
     * @param types segment of each token
     */
    Map<String, NumberArray> arrays(long[] tokens, long[] types) {
        int length = fixedLength().orElse(tokens.length);
        long[] mask = new long[length];
        Arrays.fill(mask, 0, Math.min(tokens.length, length), 1);
        Map<String, NumberArray> arrays = new LinkedHashMap<>();
        for (InputSpecification input : inputs.inputs()) {
            Optional<OmittedInput> role = OmittedInput.of(input.name());
            if (input.equals(ids)) {
                arrays.put(input.name(), row(Arrays.copyOf(tokens, length)));
            } else if (role.isPresent()) {
                arrays.put(
                        input.name(),
                        switch (role.get()) {
                            case MASK -> row(mask);
                            case SEGMENT -> row(Arrays.copyOf(types, length));
                            case POSITION -> OmittedInput.POSITION.derive(new long[] {1, length});
                        });
            }
        }
        return arrays;
    }

    private static NumberArray row(long[] values) {
        return NumberArray.ofLongs(values, 1, values.length);
    }
}
