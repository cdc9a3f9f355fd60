package dev.fewbit.planning;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words that plans use for formats and ranges. */
public final class PlanWords {
    private static final Pattern FORMAT =
            Pattern.compile("(u?)int([0-9]{1,2})( asymmetric| symmetric)?");

    private static final Pattern LEVELS =
            Pattern.compile("(pow2|root2|apot|mid-rise|codebook)-([0-9]{1,2})(-int8)?");

    private static final Map<String, RangeMethod> RANGES = ranges();

    /** Followed by a blank and the share. */
    private static final String CLIPPED = "clipped";

    private PlanWords() {}

    private static Map<String, RangeMethod> ranges() {
        Map<String, RangeMethod> ranges = new LinkedHashMap<>();
        ranges.put("min-max", new RangeMethod.MinMax());
        ranges.put("least-squares", RangeMethod.LeastSquares.quick());
        ranges.put("least-squares-thorough", new RangeMethod.LeastSquares());
        ranges.put("least-squares-exhaustive", RangeMethod.LeastSquares.thorough());
        return ranges;
    }

    /** For example {@code uint4 asymmetric} or {@code pow2-4}. */
    public static String format(WeightFormat format) {
        return switch (format) {
            case Affine(int bits, boolean signed, boolean symmetric) ->
                    (signed ? "int" : "uint") + bits + (symmetric ? " symmetric" : " asymmetric");
            case LevelFormat levels -> levels.label();
        };
    }

    /**
     * Reads what {@link #format} writes; without a second word, signed formats are symmetric and
     * unsigned ones are not.
     *
     * @throws IllegalArgumentException if it is not a format
     */
    public static WeightFormat parseFormat(String text) {
        Matcher levels = LEVELS.matcher(text);
        if (levels.matches()) {
            LevelFormat format = levels(levels);
            if (format.label().equals(text)) {
                return format;
            }
        }
        if (FORMAT.matcher(text).matches()) {
            return parseAffine(text);
        }
        throw new IllegalArgumentException(
                "unknown format '"
                        + text
                        + "'; expected int1 to int8 or uint1 to uint8, followed by symmetric or"
                        + " asymmetric, or pow2-2 to pow2-4, root2-2 to root2-5, apot-4 to apot-6,"
                        + " mid-rise-1 to mid-rise-7, codebook-1 to codebook-8, or codebook-1-int8"
                        + " to codebook-7-int8");
    }

    /**
     * {@link #parseFormat} where only evenly spaced levels are possible.
     *
     * @throws IllegalArgumentException if it is no such format
     */
    public static Affine parseAffine(String text) {
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

    private static LevelFormat levels(Matcher words) {
        int bits = Integer.parseInt(words.group(2));
        return switch (words.group(1)) {
            case "pow2" -> new PowersOfTwo(bits, PowersOfTwo.Base.TWO);
            case "root2" -> new PowersOfTwo(bits, PowersOfTwo.Base.ROOT_OF_TWO);
            case "apot" -> new PowersOfTwo(bits, PowersOfTwo.Base.ADDITIVE);
            case "mid-rise" -> new MidRise(bits);
            default ->
                    new Codebook(
                            bits,
                            words.group(3) == null
                                    ? Codebook.Entries.FLOAT32
                                    : Codebook.Entries.INT8);
        };
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
