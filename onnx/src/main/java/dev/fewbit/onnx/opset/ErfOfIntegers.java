package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Opset 13: Erf takes floating types only; before, it took integers too. Such a node is refused,
 * any other means the same as it stands.
 */
final class ErfOfIntegers implements Adapter {

    @Override
    public int version() {
        return 13;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Erf");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        ElementType type = facts.elementType(node.input(0));
        return type == null || FloatingScalars.isFloating(type)
                ? null
                : "its input has type "
                        + type
                        + ", which Erf does not take from opset 13 on; cast it to FLOAT first";
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        // Floating types need no change.
    }
}
