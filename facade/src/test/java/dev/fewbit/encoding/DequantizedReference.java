package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.Importance;
import dev.fewbit.core.quantize.LevelRounding;
import dev.fewbit.core.quantize.LevelScaling;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.core.quantize.TaskRunner;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.onnx.weight.WeightSite;

import java.util.Arrays;
import java.util.List;

/** Weights rounded to their grid by the definition, element by element; min/max ranges. */
final class DequantizedReference {
    private DequantizedReference() {}

    static float[] round(float[] weights, WeightSite site, WeightPlan plan) {
        return plan.format() instanceof LevelFormat format
                ? levels(weights, site, format, plan.grouping())
                : steps(weights, site, plan);
    }

    private static float[] levels(
            float[] weights, WeightSite site, LevelFormat format, Grouping grouping) {
        return dequantized(
                LevelRounding.nearest(
                        weights,
                        format,
                        site.geometry(grouping),
                        site.tables(format, grouping),
                        LevelScaling.of(format, grouping),
                        Importance.EQUAL,
                        TaskRunner.SEQUENTIAL),
                site,
                format,
                grouping);
    }

    /** What codes of levels stand for. */
    static float[] dequantized(
            RoundedWeight rounded, WeightSite site, LevelFormat format, Grouping grouping) {
        GroupGeometry geometry = site.geometry(grouping);
        TableGeometry tables = site.tables(format, grouping);
        List<LevelTable> all = LevelTable.ofFormat(format).map(List::of).orElse(rounded.tables());
        float[] values = new float[rounded.codes().length];
        for (int i = 0; i < values.length; i++) {
            float level = all.get(tables.tableOf(i)).level(rounded.codes()[i] & 0xFF);
            boolean scaled = rounded.scales().length > 0;
            values[i] = scaled ? rounded.scales()[(int) geometry.groupOf(i)] * level : level;
        }
        return values;
    }

    private static float[] steps(float[] weights, WeightSite site, WeightPlan plan) {
        GroupGeometry geometry = site.geometry(plan.grouping());
        Affine format = plan.affine();
        int groups = (int) geometry.groupCount();
        float[] minima = new float[groups];
        float[] maxima = new float[groups];
        Arrays.fill(minima, Float.POSITIVE_INFINITY);
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < weights.length; i++) {
            int group = (int) geometry.groupOf(i);
            minima[group] = Math.min(minima[group], weights[i]);
            maxima[group] = Math.max(maxima[group], weights[i]);
        }
        float[] scales = new float[groups];
        int[] zeroPoints = new int[groups];
        for (int group = 0; group < groups; group++) {
            AffineParameters parameters = AffineParameters.of(minima[group], maxima[group], format);
            boolean zeros = minima[group] == 0 && maxima[group] == 0;
            scales[group] = zeros && plan.grouping().hasTwoLevels() ? 0 : parameters.scale();
            zeroPoints[group] = parameters.zeroPoint();
        }
        if (plan.grouping().hasTwoLevels()) {
            scales = TwoLevelScales.of(scales, geometry).scales();
        }
        float[] rounded = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            int group = (int) geometry.groupOf(i);
            AffineMapping mapping =
                    new AffineMapping(
                            format, new AffineParameters(scales[group], zeroPoints[group]));
            rounded[i] = mapping.dequantize(mapping.quantize(weights[i]));
        }
        return rounded;
    }
}
