package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.ConstantInputs;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Optional;

/**
 * Constant nodes become initializers, in subgraphs too.
 *
 * <pre>{@code
 * Constant() -> c; Conv(x, c) -> y      becomes      Conv(x, c) -> y    with initializer c
 * }</pre>
 *
 * <p>Strings and sparse tensors stay as they are, and so does what is itself an output.
 */
final class TurnConstantsIntoInitializers implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Constants constants = new Constants(model);
        int count = 0;
        for (Node node : model.graph().allNodes()) {
            if (!node.is("Constant")) {
                continue;
            }
            Value value = node.onlyOutput();
            Optional<Tensor> tensor = constants.resolve(value);
            if (tensor.isPresent() && !value.isGraphOutput()) {
                ConstantInputs.toInitializer(node, tensor.get());
                count++;
            }
        }
        if (count > 0) {
            notes.done(count + " Constant nodes became initializers.");
        }
        return count > 0;
    }
}
