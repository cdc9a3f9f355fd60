package dev.fewbit.train.quantize;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Map;

/**
 * Evenly spaced levels {@code (code - zeroPoint) * scale}. Scales are learned, zero points stay.
 */
public final class AffineWeight implements WeightQuantizer {
    /** What a scale keeps of its first value at least, lest it turn around. */
    private static final float LEAST_SHARE = 1e-3f;

    private final Affine format;
    private final Groups groups;
    private final int[] zeroPoints;
    private final Tensor scales;
    private final Tensor least;
    private final Tensor low;
    private final Tensor high;
    private final double gradientFactor;

    /**
     * A quantizer.
     *
     * @param twoLevels whether scales are stored in two levels
     * @param start scales and zero points to begin with; codes do not matter
     */
    public AffineWeight(
            Affine format, GroupGeometry geometry, boolean twoLevels, RoundedWeight start) {
        this.format = format;
        this.groups = new Groups(geometry, twoLevels);
        this.zeroPoints = start.zeroPoints().clone();
        long[] shape = groups.parameterShape();
        this.scales = Tensors.ofFloats(start.scales(), shape).set_requires_grad(true);
        float[] lowest = new float[zeroPoints.length];
        float[] highest = new float[zeroPoints.length];
        float[] smallest = new float[zeroPoints.length];
        for (int i = 0; i < zeroPoints.length; i++) {
            lowest[i] = format.qmin() - zeroPoints[i];
            highest[i] = format.qmax() - zeroPoints[i];
            smallest[i] = Math.max(Float.MIN_NORMAL, start.scales()[i] * LEAST_SHARE);
        }
        this.low = Tensors.ofFloats(lowest, shape);
        this.high = Tensors.ofFloats(highest, shape);
        this.least = Tensors.ofFloats(smallest, shape);
        this.gradientFactor =
                StepSize.gradientFactor(groups.size(), Math.max(1, (1 << (format.bits() - 1)) - 1));
    }

    @Override
    public Tensor apply(Tensor values) {
        Tensor scale = groups.spread(StepSize.scaled(groups.stored(scales), gradientFactor));
        Tensor code = StepSize.rounded(clamped(groups.view(values).div(scale)));
        return code.mul(scale).reshape(Tensors.shape(values));
    }

    private Tensor clamped(Tensor codes) {
        return torch.minimum(torch.maximum(codes, groups.spread(low)), groups.spread(high));
    }

    @Override
    public RoundedWeight codes(Tensor weight) {
        Tensor stored = groups.stored(scales.detach());
        Tensor codes = clamped(groups.view(weight).div(groups.spread(stored))).round();
        float[] offsets = Tensors.floats(codes.sub(groups.spread(low)));
        byte[] bytes = new byte[offsets.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (Math.round(offsets[i]) + format.qmin());
        }
        return new RoundedWeight(bytes, Tensors.floats(stored), zeroPoints.clone());
    }

    @Override
    public void settle() {
        scales.detach().copy_(torch.maximum(scales.detach(), least));
    }

    @Override
    public Map<String, Tensor> parameters() {
        return Map.of("scales", scales);
    }

    @Override
    public void close() {
        scales.close();
        least.close();
        low.close();
        high.close();
    }
}
