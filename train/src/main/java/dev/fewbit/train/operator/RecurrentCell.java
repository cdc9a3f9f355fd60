package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;

import java.util.List;

/** One step of one direction of a recurrent layer. */
@FunctionalInterface
interface RecurrentCell {

    /**
     * Computes a step.
     *
     * @param projected the products of the step's input with the weights of all gates and all their
     *     biases, [batch, gates * hidden]
     * @param state hidden state first, [batch, hidden] each
     * @return the state behind the step
     */
    List<Tensor> step(Tensor projected, List<Tensor> state);
}
