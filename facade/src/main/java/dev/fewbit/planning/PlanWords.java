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

    /** Followed by a blank and the share. */
    private static final String CLIPPED = "clipped";

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
     * For example {@code least-squares}, or {@code clipped 0.25}.
     *
     * @throws IllegalArgumentException if plans have no word for the effort of a search
     */
    public static String range(RangeMethod range) {
        if (range instanceof RangeMethod.Clipped(double share)) {
            return CLIPPED + " " + share;
        }
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
        if (text.startsWith(CLIPPED + " ")) {
            return clipped(text.substring(CLIPPED.length() + 1));
        }
        RangeMethod range = RANGES.get(text);
        if (range == null) {
            throw new IllegalArgumentException(
                    "unknown range '"
                            + text
                            + "'; expected one of "
                            + String.join(", ", RANGES.keySet())
                            + ", or clipped and a share of the range");
        }
        return range;
    }

    private static RangeMethod clipped(String share) {
        try {
            return new RangeMethod.Clipped(Double.parseDouble(share));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "expected a share of the range behind 'clipped', 0.25 for example, got '"
                            + share
                            + "'",
                    notANumber);
        }
    }
}
