package dev.fewbit.core.plan;

/**
 * Rewriting of the float graph before anything is quantized, without looking at data. The names in
 * the rest of a plan are those of the prepared graph. Passes are carried out in the order of these
 * constants.
 */
public enum Preparation {
    /**
     * Constant nodes become initializers, and whatever depends on constants alone is computed once.
     */
    FOLD_CONSTANTS,
    /** Batch normalization moves into the convolution or matrix product before it. */
    FOLD_BATCH_NORM,
    /** Clip to [0, 6] becomes Relu, so that channels can be rescaled through it. */
    UNCLIP_RELU,
    /** Channels between two layers are rescaled so that the weights of both are of even size. */
    EQUALIZE;

    /** Name in plans, for example {@code fold-constants}. */
    public String label() {
        return Labelled.label(this);
    }

    /**
     * The pass with a label.
     *
     * @throws IllegalArgumentException naming the possible labels if there is none
     */
    public static Preparation ofLabel(String label) {
        return Labelled.ofLabel(Preparation.class, "preparation", label);
    }

    @Override
    public String toString() {
        return label();
    }
}
