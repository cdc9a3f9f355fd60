package dev.fewbit.rounding;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.core.rounding.layer.LayerRounder;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rounds the weights of a plan that want half-quadratic quantization, which needs no data. */
final class RobustRounding {
    private RobustRounding() {}

    /** The plan with those weights rounded. */
    static RoundedPlan run(PreparedModel prepared, Plan plan, int threads) throws IOException {
        Map<String, WeightPlan> wanted = new HashMap<>();
        for (WeightPlan weight : plan.weights()) {
            if (weight.rounding() == Rounding.HQQ) {
                wanted.put(weight.tensor(), weight);
            }
        }
        if (wanted.isEmpty()) {
            return RoundedPlan.nearest(plan);
        }
        Model model = prepared.read();
        GraphCorrector.apply(model, plan.graph().corrections());
        Map<String, RoundedWeight> rounded = new HashMap<>();
        List<String> notes = new ArrayList<>();
        for (WeightSite site : WeightSites.find(model)) {
            WeightPlan weight = wanted.get(site.name());
            if (weight == null) {
                continue;
            }
            Optional<String> obstacle = obstacle(weight, site);
            if (obstacle.isPresent()) {
                notes.add(
                        site.name()
                                + " is rounded to nearest levels: hqq is for "
                                + obstacle.get());
                continue;
            }
            WeightPlaces places = places(site);
            rounded.put(
                    site.name(),
                    places.tensor(
                            LayerRounder.robust(
                                    places.matrix(site.tensor().floats()),
                                    places.format(weight),
                                    Workers.of(threads)),
                            weight));
        }
        List<WeightPlan> weights =
                plan.weights().stream()
                        .map(
                                weight ->
                                        weight.rounding() == Rounding.HQQ
                                                        && !rounded.containsKey(weight.tensor())
                                                ? weight.with(Rounding.NEAREST)
                                                : weight)
                        .toList();
        return new RoundedPlan(
                plan.withWeights(weights), name -> Optional.ofNullable(rounded.get(name)), notes);
    }

    private static Optional<String> obstacle(WeightPlan weight, WeightSite site) {
        if (!(weight.format() instanceof Affine)) {
            return Optional.of("evenly spaced levels");
        }
        if (weight.grouping().kind() == Grouping.Kind.TENSOR) {
            return Optional.of("scales of channels and blocks");
        }
        return site.geometry(Grouping.CHANNEL).outer() > 1
                        && site.geometry(Grouping.CHANNEL).inner() > 1
                ? Optional.of("single matrices")
                : Optional.empty();
    }

    private static WeightPlaces places(WeightSite site) {
        var channels = site.geometry(Grouping.CHANNEL);
        boolean turned = channels.inner() > 1;
        return new WeightPlaces(
                Math.toIntExact(turned ? channels.inner() : channels.outer()),
                Math.toIntExact(channels.length()),
                turned);
    }
}
