package dev.fewbit.planning;

import dev.fewbit.Activations;
import dev.fewbit.Recipe;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says why a weight gets its encodings. */
final class PlanReasons {
    private PlanReasons() {}

    static String of(
            WeightSite site, List<UsePlan> uses, Recipe recipe, NodeArithmetic arithmetic) {
        String reasons =
                IntStream.range(0, uses.size())
                        .mapToObj(
                                index ->
                                        of(
                                                site,
                                                uses.get(index),
                                                recipe,
                                                arithmetic.floatReason(
                                                        site.uses().get(index).node())))
                        .distinct()
                        .collect(Collectors.joining("; "));
        return uses.size() == 1
                ? reasons
                : "stored once for " + uses.size() + " readers; " + reasons;
    }

    private static String of(
            WeightSite site, UsePlan use, Recipe recipe, Optional<String> floatReason) {
        return switch (use.encoding()) {
            case DYNAMIC_MATMUL -> "integer product, activations rounded on the go";
            case DEQUANTIZED_MATMUL -> "fuses into the runtime's low-bit matrix kernel";
            case GATHERED_ROWS -> "only the rows that are looked up are turned into floats";
            case INTEGER -> "integer product, activations in levels known beforehand";
            case FOLDED -> folded(site, use, recipe, floatReason);
        };
    }

    private static String folded(
            WeightSite site, UsePlan use, Recipe recipe, Optional<String> floatReason) {
        String effect = "small file at float speed";
        if (use.operator().equals("Conv") && recipe.activations() == Activations.DYNAMIC) {
            return effect
                    + ": convolutions with activations rounded on the go are slower than float"
                    + " ones";
        }
        if (use.operator().equals("Gather")) {
            return "small file: so small a table is unpacked when the model is loaded";
        }
        boolean shared = site.uses().stream().filter(WeightUse::isRightOperand).count() > 1;
        if (shared && recipe.activations() == Activations.DYNAMIC) {
            return effect
                    + ": the runtime's low-bit kernel does not take a weight with several readers";
        }
        return recipe.activations() == Activations.FLOAT
                ? effect + ": activations stay float"
                : effect + ": " + floatReason.orElse("there is no integer kernel for this use");
    }
}
