package dev.fewbit.planning;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a constant cannot or should not be quantized at all. */
final class Eligibility {
    /**
     * From this version of the format on, an initializer that is also an input may be overridden by
     * the caller.
     */
    private static final long OVERRIDABLE_INITIALIZERS = 4;

    private Eligibility() {}

    /** The reason as a sentence; empty if the weight may be quantized. */
    static Optional<String> obstacle(Model model, WeightSite site) {
        ElementType type = site.tensor().elementType();
        if (site.tensor().elementCount() == 0) {
            return Optional.of("has no elements");
        }
        if (site.uses().stream().allMatch(use -> use.role() == WeightRole.OTHER)) {
            return Optional.of(
                    "read by " + readers(site) + ": biases, scales and other operands stay float");
        }
        if (type != ElementType.FLOAT) {
            return Optional.of(
                    "is "
                            + type.name().toLowerCase(Locale.ROOT)
                            + "; only float32 weights are quantized");
        }
        if (site.value().isGraphOutput()) {
            return Optional.of("is an output of the model");
        }
        if (site.value().isGraphInput() && model.irVersion() >= OVERRIDABLE_INITIALIZERS) {
            return Optional.of("is an input with a default, which callers may override");
        }
        return Optional.empty();
    }

    private static String readers(WeightSite site) {
        return site.uses().stream()
                .map(use -> use.node().opType())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
