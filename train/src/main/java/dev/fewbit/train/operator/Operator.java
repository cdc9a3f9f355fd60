package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What an operator of ONNX computes, in its newest form: models are raised to it before they run.
 * Gradients come from what libtorch knows of the tensors.
 */
@FunctionalInterface
public interface Operator {

    /**
     * Computes.
     *
     * @return the outputs in the order of the node; null for those that nobody wants, and as many
     *     as are wanted at least. Each is a tensor object of its own, never one of the inputs:
     *     {@link Call#same} makes one
     * @throws OperatorException if the inputs or attributes are not supported, or wrong
     */
    List<? extends @Nullable Tensor> run(Call call);

    /** Computes the only output of an operator. */
    @FunctionalInterface
    interface Single {
        /** Computes; see {@link Operator#run}. */
        Tensor run(Call call);
    }

    /** An operator with one output. */
    static Operator of(Single single) {
        return call -> List.of(single.run(call));
    }
}
