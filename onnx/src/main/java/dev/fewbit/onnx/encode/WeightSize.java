package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.opset.OpsetRaiser;
import dev.fewbit.onnx.weight.WeightSite;

/** How large a weight will be. */
public final class WeightSize {
    private WeightSize() {}

    /**
     * Bytes of codes, scales, zero points and learned levels together, if the plan is carried out
     * in a model that can be raised to any opset. In another the last byte of a row may differ;
     * {@link EncodedWeight} has the exact size.
     */
    public static long bytes(WeightSite site, WeightPlan plan) {
        return WeightLayout.of(site, plan, OpsetRaiser.MAXIMUM).bytes();
    }
}
