package dev.fewbit.search;

import dev.fewbit.runtime.data.NumberArray;

/** Natural logarithms of probabilities. */
final class LogProbabilities {
    /** Rounding makes zeros of small probabilities, whose logarithm would outweigh everything. */
    private static final double LEAST = 1e-7;

    private LogProbabilities() {}

    /**
     * Of some elements.
     *
     * @param values scores before the softmax, or probabilities
     * @param first the first element
     * @param count number of classes
     * @param probabilities which of the two they are
     */
    static double[] of(NumberArray values, int first, int count, boolean probabilities) {
        double[] logs = new double[count];
        if (probabilities) {
            for (int i = 0; i < count; i++) {
                logs[i] = Math.log(Math.max(LEAST, values.doubleAt(first + i)));
            }
            return logs;
        }
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            logs[i] = values.doubleAt(first + i);
            most = Math.max(most, logs[i]);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - most);
        }
        double logSum = most + Math.log(sum);
        for (int i = 0; i < count; i++) {
            logs[i] -= logSum;
        }
        return logs;
    }
}
