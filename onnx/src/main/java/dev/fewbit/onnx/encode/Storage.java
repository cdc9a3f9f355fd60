package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

/** Order and density of stored codes. */
enum Storage {
    /**
     * {@code [K, N]} in the operator's own element type (INT8, UINT4, ...), whatever way round the
     * float weight lay. Scales are {@code []}, {@code [N]} or {@code [blocks, N]}. What matrix
     * kernels want.
     */
    MATRIX,

    /**
     * In the order of the float weight. 8-bit codes keep its shape. Narrower codes lie in rows of
     * bytes, {@code [rows, ceil(width / p)]} with p codes to a byte: byte k of a row holds the
     * codes k, k + w, k + 2w, ... (w = bytes of a row) from the low bits up, as unsigned numbers
     * counted from the format's smallest code; see {@link RowPlanes}; they always have zero points.
     * Scales are {@code []}, broadcast over the tensor per channel, or {@code [outer, blocks(,
     * inner)]}.
     */
    ROWS;

    /**
     * A matrix if every reader multiplies with it the same way round; otherwise rows, from which
     * all can be made.
     */
    static Storage of(WeightPlan plan, WeightSite site) {
        boolean onlyProducts =
                plan.uses().stream()
                        .map(UsePlan::encoding)
                        .allMatch(
                                encoding ->
                                        encoding == Encoding.DYNAMIC_MATMUL
                                                || encoding == Encoding.DEQUANTIZED_MATMUL);
        boolean sameWay = site.uses().stream().map(WeightUse::transposed).distinct().count() == 1;
        return onlyProducts && sameWay ? MATRIX : ROWS;
    }
}
