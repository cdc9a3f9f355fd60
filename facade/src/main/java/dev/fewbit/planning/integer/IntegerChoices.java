package dev.fewbit.planning.integer;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.format.Affine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is settled before a static plan is made.
 *
 * @param format number format of the activations; of fewer bits than 8 it is that of what layers
 *     with weights read, and other values have {@link #valueFormat}
 * @param range how the range of an activation is found
 * @param ranges other ways for single values, by name
 * @param keptFloat labels of nodes that must compute in float, each with the reason
 * @param floatWeights names of tensors that are not quantized at all, each with the reason; nodes
 *     that read them compute in float
 * @param weightRanges other ways to find the ranges of single weights, by name
 */
public record IntegerChoices(
        Affine format,
        ActivationRange range,
        Map<String, ActivationRange> ranges,
        Map<String, String> keptFloat,
        Map<String, String> floatWeights,
        Map<String, RangeMethod> weightRanges) {

    /** Copies the maps, keeping their order. */
    public IntegerChoices {
        ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
        keptFloat = Collections.unmodifiableMap(new LinkedHashMap<>(keptFloat));
        floatWeights = Collections.unmodifiableMap(new LinkedHashMap<>(floatWeights));
        weightRanges = Collections.unmodifiableMap(new LinkedHashMap<>(weightRanges));
    }

    /** Activations of this format, every range found the same way. */
    public static IntegerChoices of(Affine format, ActivationRange range) {
        return new IntegerChoices(format, range, Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** Number format of values that are read by more than layers of few bits. */
    public Affine valueFormat() {
        return format.bits() < Byte.SIZE
                ? new Affine(Byte.SIZE, format.signed(), format.symmetric())
                : format;
    }

    /**
     * How the range of a value is found.
     *
     * @param wanted number format of its codes; of fewer bits than 8 the squared error takes the
     *     place of entropy, which is defined for 8
     */
    public ActivationRange range(String value, Affine wanted) {
        return range(ranges.getOrDefault(value, range), wanted);
    }

    /** The same for a range that is to be found this way. */
    public static ActivationRange range(ActivationRange found, Affine wanted) {
        return found instanceof ActivationRange.Entropy && wanted.bits() < Byte.SIZE
                ? new ActivationRange.SquaredError()
                : found;
    }

    /** The same with ranges found this way, single values excepted. */
    public IntegerChoices withRange(ActivationRange other) {
        return new IntegerChoices(format, other, ranges, keptFloat, floatWeights, weightRanges);
    }

    /** The same with these ways to find ranges of single values instead. */
    public IntegerChoices withRanges(Map<String, ActivationRange> others) {
        return new IntegerChoices(format, range, others, keptFloat, floatWeights, weightRanges);
    }

    /** The same with these nodes kept in float instead. */
    public IntegerChoices withKeptFloat(Map<String, String> others) {
        return new IntegerChoices(format, range, ranges, others, floatWeights, weightRanges);
    }

    /** The same with these tensors not quantized instead. */
    public IntegerChoices withFloatWeights(Map<String, String> others) {
        return new IntegerChoices(format, range, ranges, keptFloat, others, weightRanges);
    }

    /** The same with these ways to find ranges of single weights instead. */
    public IntegerChoices withWeightRanges(Map<String, RangeMethod> others) {
        return new IntegerChoices(format, range, ranges, keptFloat, floatWeights, others);
    }
}
