package dev.fewbit.core.plan;

/**
 * How one node of the prepared graph computes.
 *
 * @param node label of the node
 * @param operator its operator, for example {@code Conv}
 * @param arithmetic in integers or in floats
 * @param reason why, as a sentence for a person
 */
public record OperatorPlan(String node, String operator, Arithmetic arithmetic, String reason) {

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
