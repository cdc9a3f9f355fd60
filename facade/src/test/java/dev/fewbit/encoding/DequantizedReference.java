package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.onnx.weight.WeightSite;

import java.util.Arrays;

/** Weights rounded to their grid by the definition, element by element; min/max ranges. */
final class DequantizedReference {
    private DequantizedReference() {}

    static float[] round(float[] weights, WeightSite site, WeightPlan plan) {
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
