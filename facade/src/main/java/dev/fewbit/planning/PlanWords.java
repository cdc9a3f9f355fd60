package dev.fewbit.planning;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words that plans use for formats and ranges. */
public final class PlanWords {
    private static final Pattern FORMAT =
            Pattern.compile("(u?)int([0-9]{1,2})( asymmetric| symmetric)?");

    private PlanWords() {}

    /** For example {@code uint4 asymmetric}. */
    public static String format(Affine format) {
        return (format.signed() ? "int" : "uint")
                + format.bits()
                + (format.symmetric() ? " symmetric" : " asymmetric");
    }

    /**
     * Reads what {@link #format} writes; without a second word, signed formats are symmetric and
     * unsigned ones are not.
     *
     * @throws IllegalArgumentException if it is not a format
     */
    public static Affine parseFormat(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "unknown format '"
                            + text
                            + "'; expected int8, int4 or int2 (uint8, uint4, uint2), followed by"
                            + " symmetric or asymmetric");
        }
        boolean signed = matcher.group(1).isEmpty();
        String word = matcher.group(3);
        boolean symmetric = word == null ? signed : word.equals(" symmetric");
        return new Affine(Integer.parseInt(matcher.group(2)), signed, symmetric);
    }

    /** For example {@code least-squares}. */
    public static String range(RangeMethod range) {
        return switch (range) {
            case RangeMethod.MinMax _ -> "min-max";
            case RangeMethod.LeastSquares _ -> "least-squares";
        };
    }

    /**
     * Reads what {@link #range} writes.
     *
     * @throws IllegalArgumentException if it is not a range method
     */
    public static RangeMethod parseRange(String text) {
        return switch (text) {
            case "min-max" -> new RangeMethod.MinMax();
            case "least-squares" -> new RangeMethod.LeastSquares();
            default ->
                    throw new IllegalArgumentException(
                            "unknown range '" + text + "'; expected min-max or least-squares");
        };
    }
}
