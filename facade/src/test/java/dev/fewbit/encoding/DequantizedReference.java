package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.quantize.GroupGeometry;

/** Weights rounded to their grid by the definition, element by element; min/max ranges. */
final class DequantizedReference {
    private DequantizedReference() {}

    static float[] round(float[] weights, GroupGeometry geometry, Affine format) {
        float[] rounded = new float[weights.length];
        int length = (int) geometry.length();
        int inner = (int) geometry.inner();
        int size = (int) geometry.groupSize();
        for (int outer = 0; outer < geometry.outer(); outer++) {
            for (int start = 0; start < length; start += size) {
                for (int column = 0; column < inner; column++) {
                    int first = (outer * length + start) * inner + column;
                    roundGroup(
                            weights, rounded, first, inner, Math.min(size, length - start), format);
                }
            }
        }
        return rounded;
    }

    private static void roundGroup(
            float[] weights, float[] rounded, int first, int stride, int count, Affine format) {
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            minimum = Math.min(minimum, weights[first + i * stride]);
            maximum = Math.max(maximum, weights[first + i * stride]);
        }
        AffineMapping mapping =
                new AffineMapping(format, AffineParameters.of(minimum, maximum, format));
        for (int i = 0; i < count; i++) {
            int at = first + i * stride;
            rounded[at] = mapping.dequantize(mapping.quantize(weights[at]));
        }
    }
}
