package dev.fewbit.core.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words that plans have for the constants of an enum: lower case with hyphens. */
final class Labelled {
    private Labelled() {}

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The constant with a label.
     *
     * @param what what the constants are, for the message
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    static <E extends Enum<E>> E ofLabel(Class<E> type, String what, String label) {
        for (E constant : type.getEnumConstants()) {
            if (label(constant).equals(label)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "unknown "
                        + what
                        + " '"
                        + label
                        + "'; expected one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Labelled::label)
                                .collect(Collectors.joining(", ")));
    }
}
