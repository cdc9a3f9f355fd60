package dev.fewbit.runtime.data;

/**
 * How pictures may look a little different every time a network is trained on them.
 *
 * @param flip whether every other one is mirrored left to right
 * @param crop pixels by which it is moved at most, in each direction; 0 for none
 */
public record Augmentation(boolean flip, int crop) {
    /** Samples as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0);

    /** Refuses a negative size. */
    public Augmentation {
        if (crop < 0) {
            throw new IllegalArgumentException("pictures are moved by 0 or more, got " + crop);
        }
    }
}
