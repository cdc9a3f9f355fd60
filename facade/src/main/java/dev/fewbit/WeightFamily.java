package dev.fewbit;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Kinds of levels that weights may be rounded to. */
public enum WeightFamily {
    /** Evenly spaced levels. */
    AFFINE(2, 7, "int"),
    /** Powers of two, and beyond 4 bits sums of them. */
    POW2(2, 6, "pow2-"),
    /** Levels that are learned from the weights. */
    CODEBOOK(2, 7, "codebook-");

    private final int fewestBits;
    private final int mostBits;
    private final String prefix;

    WeightFamily(int fewestBits, int mostBits, String prefix) {
        this.fewestBits = fewestBits;
        this.mostBits = mostBits;
        this.prefix = prefix;
    }

    /** Name on the command line, for example {@code codebook}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The family with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    public static WeightFamily ofLabel(String label) {
        for (WeightFamily family : values()) {
            if (family.label().equals(label)) {
                return family;
            }
        }
        throw new IllegalArgumentException(
                "unknown format '"
                        + label
                        + "'; expected one of "
                        + Arrays.stream(values())
                                .map(WeightFamily::label)
                                .collect(Collectors.joining(", ")));
    }

    /** The family that a format belongs to. */
    public static WeightFamily of(WeightFormat format) {
        return switch (format) {
            case Affine _, MidRise _ -> AFFINE;
            case PowersOfTwo _ -> POW2;
            case Codebook _ -> CODEBOOK;
        };
    }

    /**
     * Refuses widths for which there is no recipe.
     *
     * @throws IllegalArgumentException saying which are possible
     */
    void check(int bits) {
        if (!has(bits)) {
            throw new IllegalArgumentException(
                    "few bits of format %s are %d to %d, got %d%s"
                            .formatted(
                                    label(),
                                    fewestBits,
                                    mostBits,
                                    bits,
                                    bits > mostBits
                                            ? "; for more take "
                                                    + (this == AFFINE
                                                            ? "one of the recipes for 8 bits"
                                                            : "format affine")
                                            : ""));
        }
    }

    /** Whether there is a recipe for so many bits. */
    public boolean has(int bits) {
        return bits >= fewestBits && bits <= mostBits;
    }

    /** What the names of its recipes begin with; the width follows. */
    String prefix() {
        return prefix;
    }
}
