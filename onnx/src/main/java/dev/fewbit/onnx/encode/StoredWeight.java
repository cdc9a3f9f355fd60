package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

/**
 * One quantized weight as it lies in the file: stored once, whatever the number of nodes that read
 * it.
 *
 * @param site the float weight
 * @param plan what was decided for it
 * @param storage in which order and how densely the codes lie
 * @param codes the codes
 * @param scale one float for every group; see {@link Storage} for its shape
 * @param zeroPoint one code for every group, in the shape of {@code scale}; null when all are 0
 */
record StoredWeight(
        WeightSite site,
        WeightPlan plan,
        Storage storage,
        Value codes,
        Value scale,
        @Nullable Value zeroPoint) {

    Affine format() {
        return plan.format();
    }

    Grouping grouping() {
        return plan.grouping();
    }

    GroupGeometry geometry() {
        return site.geometry(grouping());
    }

    /** True when {@link Storage#ROWS} holds several codes in a byte. */
    boolean isPacked() {
        return Storage.codeBits(plan) < 8;
    }

    /** Codes in a row of {@link Storage#ROWS}. */
    long rowWidth() {
        return rowWidth(site, grouping());
    }

    static long rowWidth(WeightSite site, Grouping grouping) {
        GroupGeometry geometry = site.geometry(grouping);
        return switch (grouping.kind()) {
            case TENSOR -> site.tensor().dimension(site.tensor().rank() - 1);
            case CHANNEL -> geometry.inner() > 1 ? geometry.inner() : geometry.length();
            case BLOCK -> geometry.inner() > 1 ? geometry.inner() : geometry.groupSize();
        };
    }
}
