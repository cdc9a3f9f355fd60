package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Opset 24: infinity, cast with saturation to an 8-bit float type without infinities and without a
 * negative zero ("FNUZ"), becomes the largest number; before, it became NaN. Such a cast is
 * refused, any other means the same as it stands.
 */
final class CastOfInfinity implements Adapter {

    @Override
    public int version() {
        return 24;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Cast", "CastLike");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        ElementType type =
                node.is("CastLike")
                        ? facts.elementType(node.input(1))
                        : ElementType.ofCode(node.intAttribute("to", 0));
        boolean changed = type == ElementType.FLOAT8E4M3FNUZ || type == ElementType.FLOAT8E5M2FNUZ;
        return changed && node.intAttribute("saturate", 1) != 0
                ? "opset 24 changed what a saturating cast to "
                        + type
                        + " makes of infinity; raise the model to opset 23 at most, or export it"
                        + " with opset 24 or newer"
                : null;
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        // Casts to all other types need no change.
    }
}
