package dev.fewbit.runtime.random;

/** What the values of a model input mean, as far as random values must respect it. */
sealed interface InputRole {

    /** Numbers drawn from the standard normal distribution. */
    record Noise() implements InputRole {}

    /**
     * Integers that select rows of a table.
     *
     * @param rows number of rows; values are drawn from 0 to rows - 1
     */
    record Indices(long rows) implements InputRole {
        public Indices {
            if (rows < 1) {
                throw new IllegalArgumentException("a table has rows, got " + rows);
            }
        }
    }

    /**
     * The same value everywhere.
     *
     * @param value the value
     */
    record Constant(long value) implements InputRole {}

    /**
     * 0, 1, 2, ... along the last axis.
     *
     * @param rows values stay below this
     */
    record Positions(long rows) implements InputRole {}

    /** The length of the sequence. */
    record Length() implements InputRole {}
}
