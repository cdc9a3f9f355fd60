package dev.fewbit.planning;

import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.WeightSize;
import dev.fewbit.onnx.weight.WeightSite;

import java.util.Optional;

/** Whether a weight is large enough for quantization to save anything. */
final class WeightBudget {
    /**
     * What the nodes of an encoding take in a file, roughly: three to eight nodes with their names.
     */
    private static final long BYTES_OF_NODES = 600;

    private WeightBudget() {}

    /** Why it is not worth it; empty if it is. */
    static Optional<String> obstacle(WeightSite site, WeightPlan plan) {
        if (plan.uses().stream().anyMatch(use -> use.encoding() == Encoding.INTEGER)) {
            // An integer kernel cannot do without.
            return Optional.empty();
        }
        long before = site.tensor().byteSize();
        long after = WeightSize.bytes(site, plan) + BYTES_OF_NODES * plan.uses().size();
        return after < before
                ? Optional.empty()
                : Optional.of(
                        "too small: codes, scales and the nodes to read them would take as much");
    }
}
