package dev.fewbit.report.html;

/** What a signal-to-quantization-noise ratio means, for readers who do not think in decibels. */
final class Decibels {

    /** The note under every table and chart that shows the ratio. */
    static final String NOTE =
            "SQNR, the signal-to-quantization-noise ratio, compares the size of the values with the"
                + " size of the error that quantization put on them. At 20 dB the error is a tenth"
                + " of the values, at 40 dB a hundredth, and one more bit for every weight gives"
                + " about 6 dB. \u201cExact\u201d means nothing changed.";

    private Decibels() {}

    /**
     * The ratio as a share: the root mean square of the error is {@code 10^(-decibels / 20)} of
     * that of the values.
     */
    static String inWords(double decibels) {
        if (Double.isNaN(decibels)) {
            return "The outputs hold values that are not numbers.";
        }
        if (decibels == Double.POSITIVE_INFINITY) {
            return "The outputs are exactly the same.";
        }
        double share = Math.pow(10, -decibels / 20);
        return share >= 1
                ? "The error is as large as the values themselves."
                : "On average the error is %s\u00A0%% of the values."
                        .formatted(Figures.significant(share * 100, 2));
    }
}
