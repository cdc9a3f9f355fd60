package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

/** Order of stored codes. */
enum Storage {
    /**
     * {@code [K, N]}, whatever way round the float weight lay. Scales are {@code []}, {@code [N]}
     * or {@code [blocks, N]}. What matrix kernels want.
     */
    MATRIX,

    /**
     * In the order of the float weight, with scales {@code []} or {@code [out channels]}. What
     * integer convolutions want.
     */
    KERNEL,

    /**
     * In the order of the float weight. Scales are {@code []}, broadcast over the tensor per
     * channel, or {@code [outer, blocks, inner]}. What all else is made of.
     */
    ROWS;

    /**
     * A matrix if every reader multiplies with it the same way round, a kernel if all convolve with
     * it in integers; otherwise rows, from which all can be made.
     */
    static Storage of(WeightPlan plan, WeightSite site) {
        boolean onlyProducts =
                site.tensor().rank() == 2
                        && site.uses().stream().allMatch(WeightUse::isRightOperand)
                        && plan.uses().stream()
                                .map(UsePlan::encoding)
                                .allMatch(
                                        encoding ->
                                                encoding == Encoding.DYNAMIC_MATMUL
                                                        || encoding == Encoding.DEQUANTIZED_MATMUL
                                                        || encoding == Encoding.INTEGER);
        boolean sameWay = site.uses().stream().map(WeightUse::transposed).distinct().count() == 1;
        if (onlyProducts && sameWay) {
            return MATRIX;
        }
        boolean onlyConvolutions =
                site.uses().stream().allMatch(use -> use.role() == WeightRole.CONVOLUTION)
                        && plan.uses().stream().allMatch(use -> use.encoding() == Encoding.INTEGER);
        return onlyConvolutions ? KERNEL : ROWS;
    }
}
