package dev.fewbit.train.loop;

import dev.fewbit.train.network.QuantizedNetwork;

import java.io.IOException;

/** Is told how a training goes. */
public interface TrainingListener {

    /** A step was done. */
    void stepped(long step, long steps, double loss);

    /**
     * The network was evaluated.
     *
     * @param best whether it is the best so far
     */
    void evaluated(TrainingPoint point, boolean best, QuantizedNetwork network) throws IOException;
}
