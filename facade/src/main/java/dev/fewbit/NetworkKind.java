package dev.fewbit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a network computes with, as far as it matters for the choice of a recipe's details. */
public enum NetworkKind {
    /** Not known, or of no interest: the recipe is the same for all. */
    ANY,
    /** Convolutions above all: the usual networks for pictures. */
    CONVOLUTIONS,
    /** Matrix products above all, transformers say, and whatever has no convolutions. */
    PRODUCTS;

    /** Name in descriptions of recipes, for example {@code convolutions}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    public static NetworkKind ofLabel(String label) {
        for (NetworkKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "unknown kind of network '"
                        + label
                        + "'; expected one of "
                        + Arrays.stream(values())
                                .map(NetworkKind::label)
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return label();
    }
}
