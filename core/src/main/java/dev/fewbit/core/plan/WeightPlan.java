package dev.fewbit.core.plan;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.WeightFormat;

import java.util.List;

/**
 * What was decided for one weight tensor.
 *
 * @param tensor name of the float tensor
 * @param shape its dimensions
 * @param format number format of the codes
 * @param grouping which weights share a scale
 * @param range how the range of a group is found
 * @param rounding how the codes are chosen
 * @param uses every node that reads the tensor, and how it will get at the codes; at least one
 * @param reason why, as a sentence for a person
 */
public record WeightPlan(
        String tensor,
        List<Long> shape,
        WeightFormat format,
        Grouping grouping,
        RangeMethod range,
        Rounding rounding,
        List<UsePlan> uses,
        String reason) {

    /** Copies the lists. */
    public WeightPlan {
        shape = List.copyOf(shape);
        uses = List.copyOf(uses);
        if (uses.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensor '" + tensor + "' is planned without a node that uses it");
        }
    }

    /** A weight that is rounded to the nearest level. */
    public WeightPlan(
            String tensor,
            List<Long> shape,
            WeightFormat format,
            Grouping grouping,
            RangeMethod range,
            List<UsePlan> uses,
            String reason) {
        this(tensor, shape, format, grouping, range, Rounding.NEAREST, uses, reason);
    }

    /** The same with its ranges found in another way. */
    public WeightPlan with(RangeMethod other) {
        return new WeightPlan(tensor, shape, format, grouping, other, rounding, uses, reason);
    }

    /** The same with its codes chosen in another way. */
    public WeightPlan with(Rounding other) {
        return new WeightPlan(tensor, shape, format, grouping, range, other, uses, reason);
    }

    /** The same for other nodes, or encoded in another way. */
    public WeightPlan withUses(List<UsePlan> others) {
        return new WeightPlan(tensor, shape, format, grouping, range, rounding, others, reason);
    }

    /** The same unpacked when the model is loaded, so that all who read it compute in floats. */
    public WeightPlan inFloats() {
        return withUses(
                uses.stream()
                        .map(use -> new UsePlan(use.node(), use.operator(), Encoding.FOLDED))
                        .toList());
    }

    /** The same for another reason. */
    public WeightPlan withReason(String other) {
        return new WeightPlan(tensor, shape, format, grouping, range, rounding, uses, other);
    }

    /**
     * The format, where it is known to have evenly spaced levels.
     *
     * @throws IllegalStateException if it has others
     */
    public Affine affine() {
        if (format instanceof Affine affine) {
            return affine;
        }
        throw new IllegalStateException(
                "tensor '" + tensor + "' has the levels of " + format.label());
    }
}
