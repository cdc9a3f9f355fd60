package dev.fewbit.core.findings;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What quantization did to one weight tensor.
 *
 * @param tensor name of the float tensor
 * @param nodes names of the nodes that use it
 * @param operator operator that uses it, for example {@code MatMul}
 * @param shape dimensions of the float tensor
 * @param format number format, for example {@code int8}
 * @param granularity for example {@code channel 1} or {@code block 0 x 32}
 * @param rounding how codes were really chosen, for example {@code descent}; {@code nearest} where
 *     a choice by data fell on that, or was not possible
 * @param encoding name of the graph encoding
 * @param reason why this format and encoding were chosen
 * @param bitsPerWeight stored bits per element, scales, zero points and learned levels included
 * @param floatBytes bytes of the float tensor
 * @param quantizedBytes bytes of codes and parameters together
 * @param minimum smallest weight
 * @param maximum largest weight
 * @param sqnrDecibels signal-to-quantization-noise ratio of the weights in dB; NaN when it was not
 *     measured
 * @param limitDecibels the best such ratio that one table of levels for all weights could have with
 *     as many bits per weight as this one takes; NaN when it was not computed
 * @param maximumError largest absolute difference between a weight and its quantized value; NaN
 *     when it was not measured
 * @param histogram distribution of the weights, or {@code null} when it was not asked for
 */
public record WeightFinding(
        String tensor,
        List<String> nodes,
        String operator,
        List<Long> shape,
        String format,
        String granularity,
        String rounding,
        String encoding,
        String reason,
        double bitsPerWeight,
        long floatBytes,
        long quantizedBytes,
        double minimum,
        double maximum,
        double sqnrDecibels,
        double limitDecibels,
        double maximumError,
        @Nullable WeightHistogram histogram) {

    /** Copies the lists. */
    public WeightFinding {
        nodes = List.copyOf(nodes);
        shape = List.copyOf(shape);
    }

    /**
     * How many dB the weights are short of {@link #limitDecibels}; negative where scales for parts
     * of the tensor gain more than they take; NaN where one of both is not known.
     */
    public double gapDecibels() {
        return limitDecibels == sqnrDecibels ? 0 : limitDecibels - sqnrDecibels;
    }
}
