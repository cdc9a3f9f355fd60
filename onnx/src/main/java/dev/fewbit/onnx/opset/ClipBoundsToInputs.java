package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Set;

/**
 * Opset 11: the bounds of Clip move from attributes to inputs of the data's own type.
 *
 * <pre>
 * before:  Clip(x, min=0, max=6)
 * after:   Clip(x, 0, 6)
 * </pre>
 */
final class ClipBoundsToInputs implements Adapter {

    @Override
    public int version() {
        return 11;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Clip");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        boolean bounded = node.attribute("min") != null || node.attribute("max") != null;
        return bounded && !FloatingScalars.isFloating(facts.elementType(node.input(0)))
                ? ElementTypes.unknown("its bounds become inputs", node.input(0))
                : null;
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        int index = 1;
        for (String bound : new String[] {"min", "max"}) {
            if (node.attribute(bound) != null) {
                ElementType type =
                        Objects.requireNonNull(rewriting.facts().elementType(node.input(0)));
                float value = node.floatAttribute(bound, 0);
                node.setInput(
                        index, rewriting.constant(bound, FloatingScalars.scalar(type, value)));
                node.removeAttribute(bound);
            }
            index++;
        }
    }
}
