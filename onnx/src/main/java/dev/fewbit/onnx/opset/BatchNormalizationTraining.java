package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Set;

/**
 * Opset 14: training is asked of BatchNormalization by an attribute; before, by the presence of
 * more outputs than the first, of which two are gone.
 *
 * <pre>
 * before:  y = BatchNormalization(x, scale, b, mean, var)
 * after:   y = BatchNormalization(x, scale, b, mean, var)
 * </pre>
 *
 * A node for inference means the same as it stands; one for training is refused.
 */
final class BatchNormalizationTraining implements Adapter {

    @Override
    public int version() {
        return 14;
    }

    @Override
    public Set<String> operators() {
        return Set.of("BatchNormalization");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        long outputs = node.outputs().stream().filter(Objects::nonNull).count();
        return outputs > 1
                ? "it has "
                        + outputs
                        + " outputs, which means training, and opset 14 says otherwise what they"
                        + " hold; export the model for inference"
                : null;
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        // Inference needs no change: the new attribute training_mode defaults to 0.
    }
}
