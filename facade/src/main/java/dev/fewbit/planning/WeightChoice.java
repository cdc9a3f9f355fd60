package dev.fewbit.planning;

import dev.fewbit.Recipe;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;

import java.util.Optional;

/**
 * How one weight is rounded.
 *
 * @param format number format of the codes
 * @param grouping which weights share a scale
 * @param range how the range of a group is found
 * @param rounding how codes are chosen
 * @param remark why it is not rounded as the recipe says for most; empty if it is
 */
record WeightChoice(
        WeightFormat format,
        Grouping grouping,
        RangeMethod range,
        Rounding rounding,
        Optional<String> remark) {

    /** What a recipe says for a weight. */
    static WeightChoice of(WeightSite site, Recipe recipe, FragileLayers fragile) {
        Optional<String> reason = fragile.reason(site);
        Optional<Affine> wider =
                recipe.fragile().filter(format -> format.bits() > recipe.weights().bits());
        if (reason.isPresent() && wider.isPresent()) {
            return fragile(wider.get(), recipe, reason.get());
        }
        boolean table = site.leadingUse().role() == WeightRole.TABLE;
        Grouping wanted = table ? recipe.tableGrouping() : recipe.grouping();
        return new WeightChoice(
                recipe.weights(),
                BlockFitting.fit(site, wanted),
                recipe.range(),
                recipe.rounding(),
                Optional.empty());
    }

    /**
     * So many bits need no care of their own, but with data the layer makes up for what those
     * before it got wrong.
     */
    private static WeightChoice fragile(Affine format, Recipe recipe, String reason) {
        return new WeightChoice(
                format,
                Grouping.CHANNEL,
                new RangeMethod.MinMax(),
                recipe.rounding().needsData() ? recipe.rounding() : Rounding.NEAREST,
                Optional.of(
                        "%d bits instead of %d: %s"
                                .formatted(format.bits(), recipe.weights().bits(), reason)));
    }
}
