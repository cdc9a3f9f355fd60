package dev.fewbit.onnx.correct;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.List;

/**
 * Adds to the output channels of a layer, by way of its bias.
 *
 * <pre>{@code
 * Conv(x, w, b) -> y                   becomes    Conv(x, w, b + shift) -> y
 * Conv(x, w) -> y                      becomes    Conv(x, w, shift) -> y
 * MatMul(x, w) -> p; Add(p, b) -> y    becomes    MatMul(x, w) -> p; Add(p, b + shift) -> y
 * MatMul(x, w) -> y                    becomes    MatMul(x, w) -> p; Add(p, shift) -> y
 * }</pre>
 */
final class ShiftBias {
    private ShiftBias() {}

    static void apply(Model model, Correction.BiasShift correction) {
        LinearLayer layer = CorrectedLayer.find(model, correction.node(), "shifts the bias");
        List<Float> shift = correction.shift();
        double[] bias = layer.bias();
        if (bias.length != shift.size()) {
            throw new CorrectionException(
                    "the plan shifts the bias of "
                            + layer.node()
                            + " by "
                            + shift.size()
                            + " values, but it has "
                            + bias.length
                            + " output channels; is it the plan of another model?");
        }
        for (int channel = 0; channel < bias.length; channel++) {
            bias[channel] += shift.get(channel);
        }
        layer.setBias(bias);
    }
}
