package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rounds a weight to evenly spaced levels, or takes the codes that it has been rounded to. */
final class AffineCoding {
    private final WeightSite site;
    private final WeightPlan plan;
    private final Affine format;
    private final GroupGeometry geometry;
    private final Measuring measuring;
    private final ScratchPool scratches;

    AffineCoding(
            WeightSite site,
            WeightPlan plan,
            Affine format,
            Measuring measuring,
            ScratchPool scratches) {
        this.site = site;
        this.plan = plan;
        this.format = format;
        this.geometry = site.geometry(plan.grouping());
        this.measuring = measuring;
        this.scratches = scratches;
    }

    /**
     * Rounds to the nearest level, band by band.
     *
     * @param smallestScales what the scale of each group must not fall below; null for no bound
     */
    CodedWeight nearest(FillContext context, CodeSink sink, float @Nullable [] smallestScales)
            throws IOException {
        GroupParameters known = plan.grouping().hasTwoLevels() ? inTwoLevels(context) : null;
        BandLoops loops =
                new BandLoops(
                        site, plan, measuring, sink, context, scratches, smallestScales, known);
        GroupParameters found = loops.run();
        return coded(known == null ? found : known, loops.measured());
    }

    /**
     * The scales that two levels express, found in a pass of its own: they depend on all blocks.
     */
    private GroupParameters inTwoLevels(FillContext context) throws IOException {
        BandLoops search =
                new BandLoops(
                        site,
                        plan,
                        Measuring.NOTHING,
                        CodeSinks.nowhere(),
                        context,
                        scratches,
                        null,
                        null);
        GroupParameters found = search.run();
        found.expressInTwoLevels(geometry);
        return found;
    }

    /**
     * Takes codes.
     *
     * @param smallestScales what the scale of each group must not fall below, else the group is
     *     rounded again to the nearest level; null for no bound
     * @throws EncodingException if it is not a weight of these groups in this format
     */
    CodedWeight given(
            RoundedWeight rounded,
            FillContext context,
            CodeSink sink,
            float @Nullable [] smallestScales)
            throws IOException {
        try {
            rounded.check(site.name(), format, geometry);
        } catch (IllegalArgumentException wrong) {
            throw new EncodingException(String.valueOf(wrong.getMessage()));
        }
        GroupParameters parameters = new GroupParameters(rounded.scales(), rounded.zeroPoints());
        boolean[] raised = parameters.raise(smallestScales);
        if (plan.grouping().hasTwoLevels()) {
            parameters.keepInTwoLevels(site.name(), geometry);
        }
        CodeMeaning meaning = new AffineMeaning(format, geometry, parameters, raised);
        RoundedLoops loops =
                new RoundedLoops(site, plan, measuring, scratches, rounded.codes(), meaning);
        return coded(parameters, loops.run(context, sink));
    }

    private CodedWeight coded(GroupParameters parameters, MeasurementCollector measured) {
        int group = parameters.medianGroup();
        List<Float> levels = new ArrayList<>();
        for (int code = format.qmin(); code <= format.qmax(); code++) {
            levels.add((code - parameters.zeroPoint(group)) * parameters.scale(group));
        }
        return new CodedWeight(parameters, List.of(), measured.result(levels));
    }
}
