package dev.fewbit.core.findings;

/**
 * How well the two models do what they are for, on the same labelled data.
 *
 * <p>The standard errors say how far a figure would move on other data of the same kind and number;
 * not-a-number where none is known. That of the difference is smaller than those of the two
 * figures, because both models were asked the same questions.
 *
 * @param name for people, for example {@code top-1 accuracy}
 * @param unit how the figures are to be read
 * @param higherIsBetter whether more is better; of perplexity, less is
 * @param original figure of the float model
 * @param quantized figure of the quantized model
 * @param samples what the figure was taken over: pictures, pairs of sentences, predicted tokens
 * @param standardError standard error of the quantized model's figure
 * @param differenceError standard error of the difference between the two figures
 */
public record TaskMetric(
        String name,
        Unit unit,
        boolean higherIsBetter,
        double original,
        double quantized,
        long samples,
        double standardError,
        double differenceError) {

    /** How a figure is to be read. */
    public enum Unit {
        /** A share of the samples, 0 to 1, shown as per cent. */
        SHARE,
        /** A plain number. */
        NUMBER
    }

    /** Rejects a metric without a name, and a negative number of samples. */
    public TaskMetric {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a metric needs a name");
        }
        if (samples < 0) {
            throw new IllegalArgumentException("samples must be 0 or more, got " + samples);
        }
    }

    /** What quantization cost, in the unit of the figure; negative where it gained. */
    public double loss() {
        return higherIsBetter ? original - quantized : quantized - original;
    }
}
