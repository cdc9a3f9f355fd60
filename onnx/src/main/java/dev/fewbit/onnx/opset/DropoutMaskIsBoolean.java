package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Opset 10: the mask that Dropout can deliver becomes boolean; before, it had the data's type.
 *
 * <pre>
 * before:  output, mask = Dropout(data)
 * after:   output = Dropout(data)
 * </pre>
 *
 * While a model is used and not trained, nothing is dropped, and what the mask then holds was not
 * said. So a mask that nothing uses goes, and one that is used is refused.
 */
final class DropoutMaskIsBoolean implements Adapter {

    @Override
    public int version() {
        return 10;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Dropout");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        Value mask = node.output(1);
        return mask != null && mask.isUsed()
                ? "its mask \""
                        + mask
                        + "\" is used, and is boolean from opset 10 on; export the model for"
                        + " inference, which leaves Dropout out"
                : null;
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        if (node.output(1) != null) {
            node.setOutput(1, null);
        }
    }
}
