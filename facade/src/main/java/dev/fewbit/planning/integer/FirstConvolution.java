package dev.fewbit.planning.integer;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Convolutions that read a picture of a few channels. There is so little to multiply that the
 * integer kernel is no faster than the float one (measured: 0.8 to 1 times as fast), and rounding
 * the picture costs precision that all later layers would have needed.
 */
final class FirstConvolution {
    private static final long FEW_CHANNELS = 4;

    private FirstConvolution() {}

    /** Labels of such convolutions, each with the reason to leave it in float. */
    static Map<String, String> find(Model model) {
        Constants constants = new Constants(model);
        Map<String, String> found = new LinkedHashMap<>();
        for (Value input : model.graph().inputs()) {
            for (Node reader : input.consumers()) {
                Value weight = reader.is("Conv") ? reader.input(1) : null;
                Tensor tensor = weight == null ? null : constants.resolve(weight).orElse(null);
                if (tensor != null && tensor.rank() > 1 && tensor.dimension(1) <= FEW_CHANNELS) {
                    found.put(
                            Labels.of(reader),
                            "reads an input of "
                                    + tensor.dimension(1)
                                    + " channels: no faster in integers, and more precise in"
                                    + " float");
                }
            }
        }
        return found;
    }
}
