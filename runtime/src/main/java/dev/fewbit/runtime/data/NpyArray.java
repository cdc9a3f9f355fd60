package dev.fewbit.runtime.data;

import java.io.Closeable;
import java.io.IOException;

/** A stored array that is read from its first row to its last, any number of times. */
interface NpyArray {

    /** Type and shape. */
    NpyHeader header();

    /** Starts at the first row. */
    Rows open() throws IOException;

    /** A way through the rows, used by one thread. */
    interface Rows extends Closeable {

        /**
         * Reads the next rows.
         *
         * @param count how many, no more than are left
         * @return shape [count, rest of the shape], native byte order
         */
        NumberArray next(int count) throws IOException;
    }
}
