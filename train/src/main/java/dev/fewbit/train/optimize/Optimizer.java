package dev.fewbit.train.optimize;

import org.bytedeco.pytorch.Tensor;

import java.util.Map;

/** Moves parameters against their gradients. */
public interface Optimizer extends AutoCloseable {

    /**
     * A step with the gradients that the parameters have; they are gone afterwards.
     *
     * @param share of each parameter's own rate, 0 to 1, as a schedule has it
     */
    void step(double share);

    /**
     * What is remembered from step to step, by names that do not change; to be changed in place.
     */
    Map<String, Tensor> state();

    /** Frees the state; the parameters stay. */
    @Override
    void close();
}
