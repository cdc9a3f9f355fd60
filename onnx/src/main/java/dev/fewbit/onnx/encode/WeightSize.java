package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.weight.WeightSite;

/** How large a weight will be. */
public final class WeightSize {
    private WeightSize() {}

    /** Bytes of codes, scales and zero points together, if the plan is carried out. */
    public static long bytes(WeightSite site, WeightPlan plan) {
        return StoredShapes.of(site, plan, Storage.of(plan, site)).bytes();
    }
}
