package dev.fewbit.planning;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words that plans use for formats and ranges. */
public final class PlanWords {
    private static final Pattern FORMAT =
            Pattern.compile("(u?)int([0-9]{1,2})( asymmetric| symmetric)?");

    private static final Map<String, RangeMethod> RANGES = ranges();

    private PlanWords() {}

    private static Map<String, RangeMethod> ranges() {
        Map<String, RangeMethod> ranges = new LinkedHashMap<>();
        ranges.put("min-max", new RangeMethod.MinMax());
        ranges.put("least-squares", RangeMethod.LeastSquares.quick());
        ranges.put("least-squares-thorough", new RangeMethod.LeastSquares());
        return ranges;
    }

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

    /**
     * For example {@code least-squares}.
     *
     * @throws IllegalArgumentException if plans have no word for the effort of a search
     */
    public static String range(RangeMethod range) {
        return RANGES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(range))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "plans know " + RANGES.keySet() + ", not " + range));
    }

    /**
     * Reads what {@link #range} writes.
     *
     * @throws IllegalArgumentException if it is not a range method
     */
    public static RangeMethod parseRange(String text) {
        RangeMethod range = RANGES.get(text);
        if (range == null) {
            throw new IllegalArgumentException(
                    "unknown range '"
                            + text
                            + "'; expected one of "
                            + String.join(", ", RANGES.keySet()));
        }
        return range;
    }
}
