package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Set;

/**
 * Opset 11: amounts and filling of Pad move from attributes to inputs, the filling in the data's
 * own type.
 *
 * <pre>
 * before:  Pad(data, pads=[0, 1, 0, 1], mode="constant", value=-1)
 * after:   Pad(data, [0, 1, 0, 1], -1, mode="constant")
 * </pre>
 *
 * A filling of 0 is the default and needs no input; modes other than constant have none.
 */
final class PadAmountsToInputs implements Adapter {

    @Override
    public int version() {
        return 11;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Pad");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        return fills(node) && !FloatingScalars.isFloating(facts.elementType(node.input(0)))
                ? ElementTypes.unknown("its filling becomes an input", node.input(0))
                : null;
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        long[] pads = node.intsAttribute("pads");
        if (pads != null) {
            node.setInput(1, rewriting.integers("pads", pads));
        }
        if (fills(node)) {
            ElementType type = Objects.requireNonNull(rewriting.facts().elementType(node.input(0)));
            float value = node.floatAttribute("value", 0);
            node.setInput(2, rewriting.constant("value", FloatingScalars.scalar(type, value)));
        }
        node.removeAttribute("pads");
        node.removeAttribute("value");
    }

    private static boolean fills(Node node) {
        return node.stringAttribute("mode", "constant").equals("constant")
                && Float.floatToRawIntBits(node.floatAttribute("value", 0)) != 0;
    }
}
