package dev.fewbit.report.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Numbers as people read them: short, with their unit, the same in every locale. */
final class Figures {

    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private static final Pattern SPACE_BEFORE_UNIT =
            Pattern.compile("(\\d) (%|dB|ms|s|[kMGTPE]?B)(?![A-Za-z])");

    private Figures() {}

    /** Bytes in decimal units to three digits: {@code 23.1 MB}. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= (unit == 0 ? 1000 : 999.5) && unit < BYTE_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : significant(value, 3))
                + "\u00A0"
                + BYTE_UNITS[unit];
    }

    /** A sentence whose numbers stay on one line with their units. */
    static String unbroken(String sentence) {
        return SPACE_BEFORE_UNIT.matcher(sentence).replaceAll("$1\u00A0$2");
    }

    /** An integer with its thousands apart: {@code 22,713,216}. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 1 weight}, {@code 12 weights}. */
    static String count(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }

    /** {@code 4.72 ms}, or {@code not measured}. */
    static String millis(double millis) {
        if (!Double.isFinite(millis) || millis < 0) {
            return "not measured";
        }
        return millis >= 10_000
                ? significant(millis / 1000, 3) + "\u00A0s"
                : significant(millis, 3) + "\u00A0ms";
    }

    /** {@code 38.2 dB}; {@code exact} where nothing changed. */
    static String decibels(double decibels) {
        if (decibels == Double.POSITIVE_INFINITY) {
            return "exact";
        }
        return Double.isNaN(decibels) ? "not a number" : decibelNumber(decibels) + "\u00A0dB";
    }

    /** As {@link #decibels}, without the unit, for the cells of a table that names it. */
    static String decibelNumber(double decibels) {
        if (decibels == Double.POSITIVE_INFINITY) {
            return "exact";
        }
        if (decibels == Double.NEGATIVE_INFINITY) {
            return "\u2212\u221E";
        }
        return Double.isNaN(decibels)
                ? "not a number"
                : minus(String.format(Locale.ROOT, "%.1f", decibels));
    }

    /** A difference of ratios in dB, without the unit; a dash where it is not known. */
    static String gapNumber(double decibels) {
        if (Double.isNaN(decibels)) {
            return "\u2013";
        }
        if (Double.isInfinite(decibels)) {
            return decibels > 0 ? "\u221E" : "\u2212\u221E";
        }
        return minus(String.format(Locale.ROOT, "%.1f", decibels));
    }

    /**
     * A cosine to four decimals, and to more where it is so close to 1 that four would hide the
     * difference.
     */
    static String cosine(double cosine) {
        if (Double.isNaN(cosine)) {
            return "not a number";
        }
        if (cosine == 1) {
            return "1";
        }
        int decimals = 4;
        while (decimals < 9 && Math.abs(1 - cosine) < 5 * Math.pow(10, -decimals)) {
            decimals++;
        }
        return minus(String.format(Locale.ROOT, "%." + decimals + "f", cosine));
    }

    /** A share from 0 to 1 as {@code 98.4 %}. */
    static String percent(double share) {
        if (!Double.isFinite(share)) {
            return "not a number";
        }
        // 0.9999 is not 100 %: the last mistake must not be rounded away.
        String text = String.format(Locale.ROOT, "%.1f", share * 100);
        if (text.equals("100.0")) {
            text = share < 1 ? ">99.9" : "100";
        }
        return text + "\u00A0%";
    }

    /** Any number to three digits, with an exponent where that is shorter. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "not a number";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\u221E" : "\u2212\u221E";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e6)) {
            return minus(String.format(Locale.ROOT, "%.2e", value));
        }
        return minus(significant(value, 3));
    }

    /** A round number without needless digits: {@code 0.05}, {@code 2e−6}. */
    static String round(double value) {
        double size = Math.abs(value);
        if (size != 0 && Double.isFinite(value) && (size < 1e-4 || size >= 1e6)) {
            int exponent = (int) Math.floor(Math.log10(size) + 1e-9);
            return minus(plain(value / Math.pow(10, exponent), 3) + "e" + exponent);
        }
        return minus(new BigDecimal(plain(value, 3)).toPlainString());
    }

    /** {@code 384 × 1536}; a scalar has no dimensions. */
    static String shape(List<Long> shape) {
        return shape.isEmpty()
                ? "scalar"
                : shape.stream().map(String::valueOf).collect(Collectors.joining("\u00A0\u00D7 "));
    }

    /**
     * A plain number for scripts and attributes, to {@code digits} digits, without trailing zeros.
     */
    static String plain(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toString();
    }

    /** To {@code digits} significant digits, but never fewer than the integer part has. */
    static String significant(double value, int digits) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        if (rounded.signum() == 0) {
            return "0";
        }
        return Math.abs(value) >= Math.pow(10, digits)
                ? String.format(Locale.ROOT, "%.0f", value)
                : rounded.setScale(Math.max(0, digits - rounded.precision() + rounded.scale()))
                        .toPlainString();
    }

    /** A hyphen is too short for a minus sign beside digits. */
    private static String minus(String number) {
        return number.replace('-', '\u2212');
    }
}
