package dev.fewbit.planning.integer;

import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.format.Affine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is settled before a static plan is made.
 *
 * @param format number format of the activations
 * @param range how the range of an activation is found
 * @param ranges other ways for single values, by name
 * @param keptFloat labels of nodes that must compute in float, each with the reason
 */
public record IntegerChoices(
        Affine format,
        ActivationRange range,
        Map<String, ActivationRange> ranges,
        Map<String, String> keptFloat) {

    /** Copies the maps, keeping their order. */
    public IntegerChoices {
        ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
        keptFloat = Collections.unmodifiableMap(new LinkedHashMap<>(keptFloat));
    }

    /** Activations of this format, every range found the same way. */
    public static IntegerChoices of(Affine format, ActivationRange range) {
        return new IntegerChoices(format, range, Map.of(), Map.of());
    }

    /** The same with these ways to find ranges of single values instead. */
    public IntegerChoices withRanges(Map<String, ActivationRange> others) {
        return new IntegerChoices(format, range, others, keptFloat);
    }

    /** The same with these nodes kept in float instead. */
    public IntegerChoices withKeptFloat(Map<String, String> others) {
        return new IntegerChoices(format, range, ranges, others);
    }
}
