package dev.fewbit.core.format;

/** The kind of number that the elements of a tensor are stored as. */
public sealed interface NumberFormat permits Float32, WeightFormat {

    /** Bits of one stored element, parameters not included. */
    int bits();

    /** Short name for people, for example {@code int8}. */
    String label();
}
