package dev.fewbit.core.findings;

import java.util.List;

/**
 * Distribution of one weight tensor, with the quantization levels of a typical group over it.
 *
 * @param lowerEdge lower edge of the first bin
 * @param binWidth width of each bin
 * @param counts number of weights in each bin
 * @param levels values that a weight of the group with the median scale can take, ascending
 */
public record WeightHistogram(
        double lowerEdge, double binWidth, List<Long> counts, List<Float> levels) {

    /** Copies the lists. */
    public WeightHistogram {
        counts = List.copyOf(counts);
        levels = List.copyOf(levels);
    }
}
