package dev.fewbit.core.quantize;

/** A value that cannot be quantized because it is NaN or infinite. */
public final class NonFiniteValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final long index;
    private final float value;

    /**
     * Names the value.
     *
     * @param index its distance from the first value that was given
     * @param value NaN or an infinity
     */
    public NonFiniteValueException(long index, float value) {
        super(
                ("the value at index %d is %s; only finite numbers can be quantized, so leave this"
                                + " tensor as it is or repair it")
                        .formatted(index, value));
        this.index = index;
        this.value = value;
    }

    /** Distance of the value from the first value that was given. */
    public long index() {
        return index;
    }

    /** NaN or an infinity. */
    public float value() {
        return value;
    }
}
