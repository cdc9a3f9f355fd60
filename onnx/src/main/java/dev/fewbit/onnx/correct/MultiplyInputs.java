package dev.fewbit.onnx.correct;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.List;

/**
 * Multiplies the weights of a layer's input channels.
 *
 * <pre>{@code
 * Conv(x, w, b) -> y     becomes    Conv(x, w * factors, b) -> y
 * MatMul(x, w) -> y      becomes    MatMul(x, w * factors) -> y
 * }</pre>
 *
 * <p>Weights that other nodes read too are copied.
 */
final class MultiplyInputs {
    private MultiplyInputs() {}

    static void apply(Model model, Correction.ChannelGain correction) {
        LinearLayer layer =
                CorrectedLayer.find(model, correction.node(), "multiplies the input channels");
        List<Float> factors = correction.factors();
        int channels = layer.inputChannels().channels();
        if (channels != factors.size()) {
            throw new CorrectionException(
                    "the plan multiplies the input channels of "
                            + layer.node()
                            + " by "
                            + factors.size()
                            + " factors, but it has "
                            + channels
                            + " of them; is it the plan of another model?");
        }
        double[] exact = factors.stream().mapToDouble(Float::doubleValue).toArray();
        layer.setWeights(layer.inputChannels().scaled(layer.weights(), exact));
    }
}
