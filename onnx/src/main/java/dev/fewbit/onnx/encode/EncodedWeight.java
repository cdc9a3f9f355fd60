package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.weight.WeightSite;

/**
 * One weight of a model whose graph has been rewritten. Its measurement is there once the model has
 * been written.
 *
 * @param plan what was decided for it
 * @param elements number of weights
 * @param floatBytes bytes of the float tensor
 * @param quantizedBytes bytes of codes, scales, zero points and learned levels
 * @param filler quantizes the weight while the model is written
 */
public record EncodedWeight(
        WeightPlan plan, long elements, long floatBytes, long quantizedBytes, WeightFiller filler) {

    static EncodedWeight of(WeightPlan plan, WeightSite site, WeightFiller filler) {
        return new EncodedWeight(
                plan,
                site.tensor().elementCount(),
                site.tensor().byteSize(),
                filler.bytes(),
                filler);
    }

    /** Stored bits per weight, scales, zero points and learned levels included. */
    public double bitsPerWeight() {
        return 8.0 * quantizedBytes / elements;
    }
}
