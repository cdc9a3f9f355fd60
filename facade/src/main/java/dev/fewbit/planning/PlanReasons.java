package dev.fewbit.planning;

import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.onnx.encode.EncodingRules;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says why a weight gets its encodings. */
final class PlanReasons {
    private static final String NO_KERNEL = "there is no integer kernel for this use";

    private final WeightSite site;
    private final WeightChoice choice;
    private final Recipe recipe;
    private final NodeArithmetic arithmetic;

    PlanReasons(WeightSite site, WeightChoice choice, Recipe recipe, NodeArithmetic arithmetic) {
        this.site = site;
        this.choice = choice;
        this.recipe = recipe;
        this.arithmetic = arithmetic;
    }

    /** The reason for the encodings of all uses, in the order of the site's. */
    String of(List<UsePlan> uses) {
        String reasons =
                IntStream.range(0, uses.size())
                        .mapToObj(index -> of(uses.get(index), site.uses().get(index)))
                        .distinct()
                        .collect(Collectors.joining("; "));
        return choice.remark().map(remark -> remark + "; ").orElse("")
                + (uses.size() == 1
                        ? reasons
                        : "stored once for " + uses.size() + " readers; " + reasons);
    }

    private String of(UsePlan plan, WeightUse use) {
        return switch (plan.encoding()) {
            case DYNAMIC_MATMUL -> "integer product, activations rounded on the go";
            case DEQUANTIZED_MATMUL -> "fuses into the runtime's low-bit matrix kernel";
            case GATHERED_ROWS -> "only the rows that are looked up are turned into floats";
            case INTEGER -> "integer product, activations in levels known beforehand";
            case FOLDED -> folded(use);
        };
    }

    private String folded(WeightUse use) {
        String effect = "small file at float speed";
        if (use.node().opType().equals("Gather")) {
            return "small file: so small a table is unpacked when the model is loaded";
        }
        return switch (recipe.activations()) {
            case FLOAT -> effect + ": activations stay float";
            case STATIC -> effect + ": " + arithmetic.floatReason(use.node()).orElse(NO_KERNEL);
            case DYNAMIC -> effect + ": " + withoutKernel(use);
        };
    }

    /** Why no kernel rounds the activations that meet this weight. */
    private String withoutKernel(WeightUse use) {
        if (use.node().is("Conv")) {
            return "convolutions with activations rounded on the go are slower than float ones";
        }
        if (!use.isRightOperand()) {
            return NO_KERNEL;
        }
        if (site.uses().stream().filter(WeightUse::isRightOperand).count() > 1) {
            return "the runtime's low-bit kernel does not take a weight with several readers";
        }
        return EncodingRules.obstacle(
                        site, use, Encoding.DEQUANTIZED_MATMUL, choice.format(), choice.grouping())
                .orElse(NO_KERNEL);
    }
}
