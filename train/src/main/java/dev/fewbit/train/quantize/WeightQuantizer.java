package dev.fewbit.train.quantize;

import dev.fewbit.core.quantize.RoundedWeight;

import org.bytedeco.pytorch.Tensor;

/** A fake quantizer of a weight, which in the end becomes codes. */
public sealed interface WeightQuantizer extends FakeQuantizer permits AffineWeight, LevelWeight {

    /**
     * The codes of a weight and what they stand for: {@link #apply} gives their values.
     *
     * @param weight the float weight
     */
    RoundedWeight codes(Tensor weight);

    /** Keeps parameters such as scales where they make sense; to be called after every step. */
    void settle();
}
