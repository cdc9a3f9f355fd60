package dev.fewbit.cli.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit as people write it: {@code 12MB}, {@code 190 kB}, {@code 4MiB}, {@code 190000}, {@code
 * 1.2ms} or {@code 30%}.
 *
 * @param value bytes, seconds, or a share
 * @param isShare which of the two
 */
record Amount(double value, boolean isShare) {
    private static final Pattern FORM =
            Pattern.compile(
                    "([0-9]+(?:[.][0-9]+)?) ?(%|[KMG]?i?B|[KMG])?", Pattern.CASE_INSENSITIVE);

    private static final Pattern TIME =
            Pattern.compile("([0-9]+(?:[.][0-9]+)?) ?(%|s|ms|us|[\\u00b5\\u03bc]s|ns)");

    private static final double PERCENT = 100;

    /**
     * Reads a time.
     *
     * @throws UsageException if it is none
     */
    static Amount time(String option, String text) {
        Matcher form = TIME.matcher(text.trim());
        if (!form.matches()) {
            throw new UsageException(
                    option
                            + " takes a time such as 1.2ms or 300us, or a share of the float"
                            + " model's such as 50%, got '"
                            + text
                            + "'");
        }
        double number = Double.parseDouble(form.group(1));
        Amount amount =
                switch (form.group(2)) {
                    case "%" -> new Amount(number / PERCENT, true);
                    case "s" -> new Amount(number, false);
                    case "ms" -> new Amount(number / 1e3, false);
                    case "ns" -> new Amount(number / 1e9, false);
                    default -> new Amount(number / 1e6, false);
                };
        return amount.requirePositive(option, text);
    }

    private Amount requirePositive(String option, String text) {
        if (!(value > 0)) {
            throw new UsageException(option + " takes more than nothing, got '" + text + "'");
        }
        return this;
    }

    /**
     * Reads a size.
     *
     * @throws UsageException if it is none
     */
    static Amount size(String option, String text) {
        Matcher form = FORM.matcher(text.trim());
        if (!form.matches()) {
            throw new UsageException(
                    option
                            + " takes a size such as 12MB, 190KB or 4MiB, or a share of the float"
                            + " model such as 30%, got '"
                            + text
                            + "'");
        }
        double number = Double.parseDouble(form.group(1));
        String unit = form.group(2) == null ? "B" : form.group(2);
        Amount amount =
                unit.equals("%")
                        ? new Amount(number / PERCENT, true)
                        : new Amount(number * factor(unit), false);
        return amount.requirePositive(option, text);
    }

    private static double factor(String unit) {
        double base = unit.toLowerCase(Locale.ROOT).contains("i") ? 1024 : 1000;
        return switch (Character.toUpperCase(unit.charAt(0))) {
            case 'K' -> base;
            case 'M' -> base * base;
            case 'G' -> base * base * base;
            default -> 1;
        };
    }

    /**
     * In the unit of a whole.
     *
     * @param whole what a share is a share of
     */
    long of(long whole) {
        return (long) Math.floor(isShare ? value * whole : value);
    }
}
