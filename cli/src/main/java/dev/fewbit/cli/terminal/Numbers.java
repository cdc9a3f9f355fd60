package dev.fewbit.cli.terminal;

import java.time.Duration;
import java.util.List;

/**
 * Numbers as people read them. Written out by hand: {@link String#format} costs a short process
 * more than all the rest of its output. Always with a decimal point, whatever the locale, because
 * the output is also read by scripts.
 */
public final class Numbers {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Numbers() {}

    /**
     * A number with a fixed count of decimals (0 to 9), rounded half up; infinite is {@code inf}.
     */
    public static String fixed(double value, int decimals) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value) || Math.abs(value) >= 1e15) {
            return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
        }
        long scale = 1;
        for (int i = 0; i < decimals; i++) {
            scale *= 10;
        }
        // Products beyond 2^53 are whole numbers already; saturating them would lose digits.
        if (Math.abs(value) * scale >= 9e18) {
            return Double.toString(value);
        }
        long scaled = Math.round(Math.abs(value) * scale);
        StringBuilder text = new StringBuilder(24);
        if (value < 0 && scaled != 0) {
            text.append('-');
        }
        text.append(scaled / scale);
        if (decimals > 0) {
            String fraction = Long.toString(scaled % scale);
            text.append('.').append("0".repeat(decimals - fraction.length())).append(fraction);
        }
        return text.toString();
    }

    /** Three or so significant digits, without an exponent where that stays short. */
    public static String significant(double value) {
        double size = Math.abs(value);
        if (size == 0 || !Double.isFinite(value)) {
            return fixed(value, 0);
        }
        if (size >= 1e6 || size < 1e-4) {
            int exponent = (int) Math.floor(Math.log10(size));
            double mantissa = value / Math.pow(10, exponent);
            if (Math.abs(mantissa) >= 9.995) {
                mantissa /= 10;
                exponent++;
            }
            return fixed(mantissa, 2) + "e" + exponent;
        }
        return fixed(
                value,
                size >= 100
                        ? 0
                        : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : size >= 0.01 ? 4 : 5);
    }

    /** A size in decimal units (1 kB is 1000 bytes), three significant digits. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return fixed(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2) + " " + UNITS[unit];
    }

    /** A whole number in groups of three digits. */
    public static String count(long number) {
        String digits = Long.toString(number);
        StringBuilder text = new StringBuilder(digits.length() + 8);
        int first = number < 0 ? 1 : 0;
        for (int i = 0; i < digits.length(); i++) {
            if (i > first && (digits.length() - i) % 3 == 0) {
                text.append(',');
            }
            text.append(digits.charAt(i));
        }
        return text.toString();
    }

    /** A count and its noun, for example {@code 1 weight}, {@code 12 weights}. */
    public static String counted(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** How many times, for example {@code 3.90x}. */
    public static String times(double ratio) {
        return fixed(ratio, ratio >= 100 ? 0 : ratio >= 10 ? 1 : 2) + "x";
    }

    /** A share of one as a percentage. */
    public static String percent(double share) {
        return fixed(share * 100, 1) + " %";
    }

    /** Milliseconds, three significant digits. */
    public static String millis(double millis) {
        return fixed(millis, millis >= 100 ? 0 : millis >= 10 ? 1 : millis >= 1 ? 2 : 3) + " ms";
    }

    /** A duration as {@code 0.38 s}, {@code 12.3 s} or {@code 2 min 5 s}. */
    public static String seconds(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 10) {
            return fixed(seconds, 2) + " s";
        }
        if (seconds < 60) {
            return fixed(seconds, 1) + " s";
        }
        long whole = Math.round(seconds);
        return whole / 60 + " min " + whole % 60 + " s";
    }

    /** A ratio in decibels. */
    public static String decibels(double decibels) {
        return decibels == Double.POSITIVE_INFINITY ? "exact" : fixed(decibels, 1) + " dB";
    }

    /** Dimensions, for example {@code 384x1536}; a scalar is {@code scalar}. */
    public static String shape(List<Long> shape) {
        if (shape.isEmpty()) {
            return "scalar";
        }
        StringBuilder text = new StringBuilder();
        for (long dimension : shape) {
            text.append(text.isEmpty() ? "" : "x").append(dimension);
        }
        return text.toString();
    }
}
