package dev.fewbit.report.html;

import java.util.Locale;

/**
 * How one figure changed, where less is better: file size, time, memory.
 *
 * @param words for example {@code 3.9× smaller}
 * @param tone whether that is good
 */
record Change(String words, Tone tone) {

    /** Below this a difference is not worth a word: file sizes and times vary by as much. */
    private static final double SAME = 0.02;

    /** How the change is coloured; the words say it too. */
    enum Tone {
        GOOD,
        BAD,
        NEUTRAL;

        /** The name of its style. */
        String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The change from {@code before} to {@code after}.
     *
     * @param less word for an improvement, such as {@code smaller}
     * @param more word for the opposite
     */
    static Change of(double before, double after, String less, String more) {
        if (!(before > 0
                && after > 0
                && before < Double.POSITIVE_INFINITY
                && after < Double.POSITIVE_INFINITY)) {
            return new Change("not measured", Tone.NEUTRAL);
        }
        double ratio = before / after;
        if (Math.abs(ratio - 1) < SAME) {
            return new Change("about the same", Tone.NEUTRAL);
        }
        return ratio > 1
                ? new Change(times(ratio) + " " + less, Tone.GOOD)
                : new Change(times(1 / ratio) + " " + more, Tone.BAD);
    }

    private static String times(double ratio) {
        String number =
                ratio < 2
                        ? String.format(Locale.ROOT, "%.2f", ratio)
                        : ratio < 100
                                ? String.format(Locale.ROOT, "%.1f", ratio)
                                : String.format(Locale.ROOT, "%.0f", ratio);
        return number + "\u00D7";
    }
}
