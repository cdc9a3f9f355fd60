package dev.fewbit.core.plan;

/** How the code of a weight is chosen among those that its format has. */
public enum Rounding {
    /** The nearest level. */
    NEAREST,

    /** The nearest level to scales that a robust norm finds, without data (HQQ). */
    HQQ,

    /** What keeps the outputs of the layer, weight after weight (GPTQ). */
    GPTQ,

    /** {@link #GPTQ}, then codes and scales improved in turns until nothing gets better. */
    DESCENT,

    /**
     * The nearest level, where inputs that are large count more: their weights are made larger
     * before, and the inputs smaller, if what makes those can take it (AWQ).
     */
    AWQ,

    /** Up or down for every weight, found by gradient descent on the outputs of the layer. */
    ADAROUND,

    /** What the layer's outputs say is best among these. */
    AUTO;

    /** Whether samples are needed to carry it out. */
    public boolean needsData() {
        return switch (this) {
            case NEAREST, HQQ -> false;
            case GPTQ, DESCENT, AWQ, ADAROUND, AUTO -> true;
        };
    }

    /** Name in plans and on the command line, for example {@code gptq}. */
    public String label() {
        return Labelled.label(this);
    }

    /**
     * The rounding with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    public static Rounding ofLabel(String label) {
        return Labelled.ofLabel(Rounding.class, "rounding", label);
    }

    @Override
    public String toString() {
        return label();
    }
}
