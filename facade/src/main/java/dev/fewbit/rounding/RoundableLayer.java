package dev.fewbit.rounding;

import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeight;

import java.util.List;
import java.util.Optional;

/** A layer of which enough is known to round it in any format. */
public final class RoundableLayer {
    private final LayerSite site;
    private final BundleRounding rounding;

    RoundableLayer(LayerSite site, BundleRounding rounding) {
        this.site = site;
        this.rounding = rounding;
    }

    /** Name of the weight tensor. */
    public String tensor() {
        return site.plan().tensor();
    }

    /**
     * What rounding gives.
     *
     * @param weight codes and what they stand for
     * @param shift what to do to the bias along with it; empty where there is none
     */
    public record Rounded(RoundedWeight weight, Optional<BiasShift> shift) {}

    /** Whether its weights can be rounded by data in the way of a plan. */
    public boolean takes(WeightPlan plan) {
        return !RoundingStage.sharesAcrossGroups(site.with(plan));
    }

    /** Expected squared error of its outputs with weights rounded to the nearest levels. */
    public double nearestError(WeightPlan plan) {
        return rounding.nearestError(bundle(plan));
    }

    /** Rounds its weights as a plan says. */
    public Rounded round(WeightPlan plan) {
        LayerResult result = rounding.round(bundle(plan)).getFirst();
        return new Rounded(
                result.weight(),
                result.shift()
                        .map(shift -> new BiasShift(site.label(), shift, LayerResult.SHIFTED)));
    }

    private LayerBundle bundle(WeightPlan plan) {
        return new LayerBundle(List.of(site.with(plan)));
    }
}
