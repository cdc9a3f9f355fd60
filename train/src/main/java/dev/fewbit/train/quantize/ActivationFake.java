package dev.fewbit.train.quantize;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Map;

/** An activation's levels, one scale for all of it: the scale is learned, the zero point stays. */
public final class ActivationFake implements FakeQuantizer {
    private static final float LEAST_SHARE = 1e-3f;

    private final Affine format;
    private final int zeroPoint;
    private final float least;
    private final Tensor scale;

    /** A quantizer. */
    public ActivationFake(Affine format, AffineParameters start) {
        this.format = format;
        this.zeroPoint = start.zeroPoint();
        this.least = Math.max(Float.MIN_NORMAL, start.scale() * LEAST_SHARE);
        this.scale = Tensors.ofFloats(new float[] {start.scale()}, 1).set_requires_grad(true);
    }

    @Override
    public Tensor apply(Tensor values) {
        int low = format.qmin() - zeroPoint;
        int high = format.qmax() - zeroPoint;
        // As many as there are in one sample: batches of other sizes are learned from alike.
        double elements =
                (double) values.numel() / Math.max(1, values.dim() == 0 ? 1 : values.size(0));
        double factor = StepSize.gradientFactor(elements, Math.max(-low, high));
        Tensor step = StepSize.scaled(scale, factor);
        Tensor code =
                torch.clamp(
                        values.div(step),
                        new ScalarOptional(new Scalar((double) low)),
                        new ScalarOptional(new Scalar((double) high)));
        return StepSize.rounded(code).mul(step);
    }

    /** The levels as they are now. */
    public AffineParameters levels() {
        return new AffineParameters(scale.item_float(), zeroPoint);
    }

    /** Keeps the scale positive; to be called after every step. */
    public void settle() {
        scale.detach().clamp_min_(new Scalar(least));
    }

    @Override
    public Map<String, Tensor> parameters() {
        return Map.of("scale", scale);
    }

    @Override
    public void close() {
        scale.close();
    }
}
