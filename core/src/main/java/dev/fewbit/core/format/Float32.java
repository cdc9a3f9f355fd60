package dev.fewbit.core.format;

/** IEEE 754 single precision: the tensor stays as it is. */
public record Float32() implements NumberFormat {

    @Override
    public int bits() {
        return Float.SIZE;
    }

    @Override
    public String label() {
        return "float32";
    }
}
