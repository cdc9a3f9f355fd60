package dev.fewbit.search;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.planning.PlanWords;

import org.jspecify.annotations.Nullable;

import java.util.stream.Collectors;

/**
 * What a weight may become.
 *
 * @param tensor name of the weight
 * @param plan how it is quantized; null to leave it float
 */
record FormatOption(String tensor, @Nullable WeightPlan plan) {

    /** What tells this option from all others of the network, the same in every search. */
    String key() {
        return plan == null
                ? tensor + " float"
                : "%s %s %s %s %s %s"
                        .formatted(
                                tensor,
                                PlanWords.format(plan.format()),
                                plan.grouping(),
                                PlanWords.range(plan.range()),
                                plan.rounding(),
                                plan.uses().stream()
                                        .map(use -> use.encoding().label())
                                        .collect(Collectors.joining(",")));
    }

    /** Bits of a code; 32 for floats. */
    int bits() {
        return plan == null ? Float.SIZE : plan.format().bits();
    }

    /** For people, for example {@code 4 bits, blocks of 32}. */
    String words() {
        return plan == null ? "float" : words(plan.format()) + words(plan.grouping());
    }

    private static String words(WeightFormat format) {
        return switch (format) {
            case Affine _, MidRise _ -> format.bits() + " bits";
            case PowersOfTwo _ -> "powers of two, " + format.bits() + " bits";
            case Codebook _ -> "codebook, " + format.bits() + " bits";
        };
    }

    private static String words(Grouping grouping) {
        return switch (grouping.kind()) {
            case TENSOR -> ", one scale";
            case CHANNEL -> "";
            case BLOCK -> ", blocks of " + grouping.size();
        };
    }

    /**
     * The same with nothing around it quantized. Kernels that round activations on the go do so
     * here, too; those that take integers give way to floats.
     */
    WeightPlan apart() {
        if (plan == null) {
            throw new IllegalStateException("tensor '" + tensor + "' stays float");
        }
        return StartingPoint.isInteger(plan) ? plan.inFloats() : plan;
    }
}
