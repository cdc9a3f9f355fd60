package dev.fewbit.planning;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.encode.EncodingRules;
import dev.fewbit.onnx.weight.WeightSite;

/** Blocks that suit a tensor, as near as possible to those that were wanted. */
final class BlockFitting {
    private BlockFitting() {}

    /**
     * Blocks that divide the inputs of an output channel: halved until they do; channels if none of
     * 16 or more does.
     */
    static Grouping dividing(WeightSite site, Grouping wanted) {
        if (wanted.kind() != Grouping.Kind.BLOCK) {
            return wanted;
        }
        long length = site.geometry(Grouping.CHANNEL).length();
        for (int size = wanted.size();
                size >= Math.min(wanted.size(), EncodingRules.SMALLEST_MATRIX_BLOCK);
                size /= 2) {
            if (length % size == 0 && length > size) {
                return Grouping.block(size);
            }
            if (size % 2 != 0) {
                break;
            }
        }
        return Grouping.CHANNEL;
    }

    /**
     * Blocks that the low-bit matrix kernel takes; the last one may be shorter. Channels if one
     * block would hold all.
     */
    static Grouping forMatrixKernel(WeightSite site, Grouping wanted) {
        if (wanted.kind() != Grouping.Kind.BLOCK) {
            return wanted;
        }
        return site.geometry(Grouping.CHANNEL).length() <= wanted.size()
                ? Grouping.CHANNEL
                : wanted;
    }
}
