package dev.fewbit.tuning;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.Arrays;

/**
 * How large the biases of a plan's layers may become. Integer kernels hold a bias as int32, in
 * steps of the input's scale times the channel's weight scale; a larger one would cost the weights
 * their precision.
 */
final class BiasRoom {
    /** Half of what the encoder lets a bias take. */
    private static final double MOST_STEPS = 0x1p29;

    private final PlanIndex index;

    BiasRoom(Plan plan) {
        this.index = new PlanIndex(plan);
    }

    /** What finds the shifts of a layer. */
    ChannelShift shift(CorrectableLayer layer) {
        return new ChannelShift(layer.layer().bias(), largest(layer));
    }

    private double[] largest(CorrectableLayer correctable) {
        LinearLayer layer = correctable.layer();
        double[] largest = new double[layer.outputChannels().channels()];
        ActivationPlan input = index.levelsRead(layer).orElse(null);
        WeightPlan weight = index.weight(layer.weightName()).orElse(null);
        if (!correctable.integer() || input == null || weight == null) {
            Arrays.fill(largest, Float.MAX_VALUE);
            return largest;
        }
        double[] magnitudes = layer.outputChannels().magnitudes(layer.weights());
        if (weight.grouping().kind() == Grouping.Kind.TENSOR) {
            Arrays.fill(magnitudes, Arrays.stream(magnitudes).max().orElse(0));
        }
        double share = weight.range() instanceof RangeMethod.Clipped(double part) ? part : 1;
        for (int channel = 0; channel < largest.length; channel++) {
            double scale = share * magnitudes[channel] / PlannedRounding.reach(weight.format());
            largest[channel] = MOST_STEPS * input.parameters().scale() * scale;
        }
        return largest;
    }
}
