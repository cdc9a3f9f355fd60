package dev.fewbit.rounding;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;

import java.util.Arrays;
import java.util.List;

/** Plans that round the weights of a model by data, whatever can be encoded. */
final class Sites {
    static final Affine INT4 = new Affine(4, true, true);

    private Sites() {}

    /** The plan of one weight. */
    static WeightPlan plan(WeightSite site, WeightFormat format, Grouping grouping) {
        return new WeightPlan(
                site.name(),
                Arrays.stream(site.tensor().shape()).boxed().toList(),
                format,
                grouping,
                new RangeMethod.MinMax(),
                Rounding.GPTQ,
                site.uses().stream()
                        .map(
                                use ->
                                        new UsePlan(
                                                Labels.of(use.node()),
                                                use.node().opType(),
                                                Encoding.FOLDED))
                        .toList(),
                "test");
    }

    /** The plan of all weights with two axes or more. */
    static Plan plan(Model model, WeightFormat format, Grouping grouping) {
        return new Plan(
                "test",
                "test",
                0,
                WeightSites.find(model).stream()
                        .filter(site -> site.tensor().rank() > 1)
                        .map(site -> plan(site, format, grouping))
                        .toList(),
                List.of());
    }

    /** All layers of a model that are rounded by data, in 4 bits per channel. */
    static LayerSites of(Model model) {
        return LayerSites.of(model, plan(model, INT4, Grouping.CHANNEL));
    }

    /** The layers of a model of which all are rounded by data. */
    static List<LayerSite> all(Model model, WeightFormat format, Grouping grouping) {
        return LayerSites.of(model, plan(model, format, grouping)).sites();
    }
}
