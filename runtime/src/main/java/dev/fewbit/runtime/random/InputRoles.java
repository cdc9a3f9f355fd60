package dev.fewbit.runtime.random;

import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.OmittedInput;

import java.util.Locale;
import java.util.Optional;

/** Finds out what the values of an input mean, from its name, its type and its use. */
final class InputRoles {

    /** Integers that index no table are drawn below this: small class numbers and counts. */
    private static final long FEW = 2;

    /** Brightness levels of a picture. */
    private static final long LEVELS = 256;

    private InputRoles() {}

    /**
     * The role of an input.
     *
     * @param input what the model takes
     * @param use how the graph uses it
     */
    static InputRole of(InputSpecification input, InputUse use) {
        long rows = use.tableRows().orElse(Long.MAX_VALUE);
        Optional<OmittedInput> known = OmittedInput.of(input.name());
        if (known.isPresent()) {
            return switch (known.get()) {
                case SEGMENT -> new InputRole.Constant(0);
                case MASK -> new InputRole.Constant(1);
                case POSITION -> new InputRole.Positions(rows);
            };
        }
        String name = input.name().toLowerCase(Locale.ROOT);
        if (name.endsWith("mask")) {
            return new InputRole.Constant(1);
        }
        if (input.type().isFloat()) {
            return new InputRole.Noise();
        }
        if (use.tableRows().isPresent()) {
            return new InputRole.Indices(rows);
        }
        if (name.contains("length") || name.endsWith("_len") || name.endsWith("_lens")) {
            return new InputRole.Length();
        }
        boolean image = input.type() == NumberType.UINT8 && input.rank() >= 3;
        return new InputRole.Indices(image ? LEVELS : FEW);
    }
}
