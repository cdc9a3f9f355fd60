package dev.fewbit.train.quantize;

import org.bytedeco.pytorch.Tensor;

import java.util.Map;

/**
 * Rounds values to levels, as floats, with gradients: those of the values pass where they are
 * within the levels (the straight-through estimator, clipped), those of the levels' parameters are
 * what a small change of them does.
 */
public interface FakeQuantizer extends AutoCloseable {

    /**
     * The values rounded to levels.
     *
     * @param values in the shape of the tensor that this quantizer is for
     */
    Tensor apply(Tensor values);

    /** What is learned of the levels, by names; may be changed in place. */
    Map<String, Tensor> parameters();

    /** Frees the parameters. */
    @Override
    void close();
}
