package dev.fewbit.core.plan;

import java.util.Optional;

/**
 * How one node of the prepared graph computes.
 *
 * @param node label of the node
 * @param operator its operator, for example {@code Conv}
 * @param arithmetic in integers or in floats
 * @param input levels that its data input is rounded to in addition to that value's own; empty if
 *     it reads the value as it is
 * @param reason why, as a sentence for a person
 */
public record OperatorPlan(
        String node,
        String operator,
        Arithmetic arithmetic,
        Optional<InputPlan> input,
        String reason) {

    /** Refuses levels for a node that computes in floats. */
    public OperatorPlan {
        if (input.isPresent() && arithmetic == Arithmetic.FLOAT) {
            throw new IllegalArgumentException(
                    "node '%s' computes in floats, so its input has no levels: leave them out, or let it compute in integers"
                            .formatted(node));
        }
    }

    /** A node that reads values as they are. */
    public OperatorPlan(String node, String operator, Arithmetic arithmetic, String reason) {
        this(node, operator, arithmetic, Optional.empty(), reason);
    }

    /** The same with other levels of its input. */
    public OperatorPlan withInput(InputPlan other) {
        return new OperatorPlan(node, operator, arithmetic, Optional.of(other), reason);
    }

    /** What a node computes with. */
    public enum Arithmetic {
        /**
         * The node reads and makes quantized values wherever the plan has an {@link ActivationPlan}
         * for them, so that the runtime can run it on an integer kernel or move codes. All values
         * that it reads and makes must have one, except for those that {@link GraphPlan} lists, and
         * its weight must be planned as {@link Encoding#INTEGER} for it.
         */
        INTEGER,
        /** The node computes as it did. */
        FLOAT;

        /** Name in plans. */
        public String label() {
            return Labelled.label(this);
        }

        /**
         * The arithmetic with a label.
         *
         * @throws IllegalArgumentException naming the possible labels if there is none
         */
        public static Arithmetic ofLabel(String label) {
            return Labelled.ofLabel(Arithmetic.class, "arithmetic", label);
        }
    }
}
