package dev.fewbit.onnx.compact;

import dev.fewbit.onnx.constant.ConstantInputs;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;

import java.util.Optional;

/**
 * Leaves nothing in a file that a runtime does not need: Constant nodes become initializers, equal
 * small constants one, and names of inner values one to three letters; nodes lose theirs. Names of
 * inputs and outputs stay.
 *
 * <p>In small networks names take as much room as weights in few bits. What is lost is that people
 * and tools know inner values by their names.
 */
public final class Compaction {
    private Compaction() {}

    /** Changes a model, after all else. */
    public static void apply(Model model) {
        Constants constants = new Constants(model);
        for (Node node : model.graph().allNodes()) {
            if (node.is("Constant") && !node.onlyOutput().isGraphOutput()) {
                Optional<Tensor> tensor = constants.resolve(node.onlyOutput());
                if (tensor.isPresent()) {
                    ConstantInputs.toInitializer(node, tensor.get());
                }
            }
        }
        EqualConstants.merge(model.graph());
        ShortNames.give(model.graph());
        model.graph().verify();
    }
}
