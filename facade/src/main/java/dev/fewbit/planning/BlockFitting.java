package dev.fewbit.planning;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.encode.EncodingRules;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;

/** Blocks that suit a tensor, as near as possible to those that were wanted. */
final class BlockFitting {
    private BlockFitting() {}

    /**
     * Blocks as wanted, the last of which may be shorter; channels if one block would hold all of a
     * channel. Tables, for which larger blocks are wanted than for others, get at least two blocks
     * to a row, of 16 or more.
     */
    static Grouping fit(WeightSite site, Grouping wanted) {
        if (wanted.kind() != Grouping.Kind.BLOCK) {
            return wanted;
        }
        long length = site.geometry(Grouping.CHANNEL).length();
        int size = wanted.size();
        if (site.leadingUse().role() == WeightRole.TABLE) {
            while (length < 2L * size && size / 2 >= EncodingRules.SMALLEST_MATRIX_BLOCK) {
                size /= 2;
            }
        }
        return length <= size ? Grouping.CHANNEL : wanted.withSize(size);
    }
}
