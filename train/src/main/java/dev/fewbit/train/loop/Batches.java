package dev.fewbit.train.loop;

import java.io.IOException;

/** Samples in batches, in another order in every epoch. The same batch is the same every time. */
public interface Batches {

    /** Batches of an epoch, at least 1. */
    long perEpoch();

    /**
     * One of them.
     *
     * @param epoch from 0
     * @param index from 0
     * @return to be closed
     */
    Batch get(long epoch, long index) throws IOException;
}
