package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.Importance;
import dev.fewbit.core.quantize.LevelRounding;
import dev.fewbit.core.quantize.LevelScaling;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.core.quantize.TaskRunner;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Rounds a weight to the levels of tables, or takes the codes that it has been rounded to. Tables
 * are learned from all weights, so those are in memory as a whole meanwhile.
 */
final class LevelCoding {
    private final WeightSite site;
    private final WeightPlan plan;
    private final LevelFormat format;
    private final LevelLayout layout;
    private final GroupGeometry groups;
    private final Measuring measuring;
    private final ScratchPool scratches;

    LevelCoding(
            WeightSite site,
            WeightPlan plan,
            LevelLayout layout,
            Measuring measuring,
            ScratchPool scratches) {
        this.site = site;
        this.plan = plan;
        this.format = layout.format();
        this.layout = layout;
        this.groups = site.geometry(plan.grouping());
        this.measuring = measuring;
        this.scratches = scratches;
    }

    /**
     * Rounds to the nearest level.
     *
     * @param smallestScales what the magnitude of the scale of each group must not fall below; null
     *     for no bound
     */
    CodedWeight nearest(FillContext context, CodeSink sink, float @Nullable [] smallestScales)
            throws IOException {
        float[] values = site.tensor().floats();
        RoundedWeight[] rounded = new RoundedWeight[1];
        try {
            new WeightSource(site)
                    .locating(
                            0,
                            values.length,
                            values.length,
                            () ->
                                    rounded[0] =
                                            LevelRounding.nearest(
                                                    values,
                                                    format,
                                                    groups,
                                                    layout.geometry(),
                                                    layout.scaling(),
                                                    Importance.EQUAL,
                                                    runner(context)));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return given(rounded[0], context, sink, smallestScales);
    }

    private static TaskRunner runner(FillContext context) {
        return (tasks, task) -> {
            try {
                context.parallel(tasks, task::accept);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        };
    }

    /**
     * Takes codes.
     *
     * @param smallestScales what the magnitude of the scale of each group must not fall below, else
     *     the group is rounded again to the nearest level; null for no bound
     * @throws EncodingException if it is not a weight of these groups and tables in this format
     */
    CodedWeight given(
            RoundedWeight rounded,
            FillContext context,
            CodeSink sink,
            float @Nullable [] smallestScales)
            throws IOException {
        TableGeometry geometry = layout.geometry();
        try {
            rounded.check(site.name(), format, groups, geometry, layout.scaling());
        } catch (IllegalArgumentException wrong) {
            throw new EncodingException(String.valueOf(wrong.getMessage()));
        }
        GroupParameters parameters =
                new GroupParameters(rounded.scales(), new int[rounded.scales().length]);
        boolean[] raised = parameters.raise(smallestScales);
        if (layout.scaling() == LevelScaling.TWO_LEVELS) {
            parameters.keepInTwoLevels(site.name(), groups);
        }
        List<LevelTable> tables =
                LevelTable.ofFormat(format).map(List::of).orElse(rounded.tables());
        LevelMeaning meaning = new LevelMeaning(tables, geometry, groups, parameters, raised);
        MeasurementCollector measured =
                new RoundedLoops(site, plan, measuring, scratches, rounded.codes(), meaning)
                        .run(context, sink);
        return new CodedWeight(
                parameters, rounded.tables(), measured.result(meaning.typicalLevels()));
    }
}
