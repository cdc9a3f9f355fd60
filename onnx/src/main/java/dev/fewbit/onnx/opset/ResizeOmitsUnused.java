package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Opset 13: inputs of Resize that are not used are omitted instead of empty, and the coordinate
 * mode {@code tf_half_pixel_for_nn} is gone.
 *
 * <pre>
 * before:  Resize(x, empty, empty, sizes)
 * after:   Resize(x, , , sizes)
 *
 * before:  Resize(x, ..., coordinate_transformation_mode="tf_half_pixel_for_nn", nearest_mode="floor")
 * after:   Resize(x, ..., coordinate_transformation_mode="half_pixel", nearest_mode="round_prefer_ceil")
 * </pre>
 *
 * The second holds because {@code floor((i + 0.5) / s)} is {@code (i + 0.5) / s - 0.5} rounded to
 * nearest, halves up. For another rounding there is no such equal.
 */
final class ResizeOmitsUnused implements Adapter {

    private static final String COORDINATES = "coordinate_transformation_mode";
    private static final String REMOVED = "tf_half_pixel_for_nn";

    @Override
    public int version() {
        return 13;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Resize");
    }

    @Override
    public @Nullable String obstacle(Node node, ValueFacts facts) {
        if (!isRemovedMode(node)) {
            return null;
        }
        String mode = node.stringAttribute("mode", "nearest");
        String rounding = node.stringAttribute("nearest_mode", "round_prefer_floor");
        return mode.equals("nearest") && rounding.equals("floor")
                ? null
                : "its "
                        + COORDINATES
                        + " \""
                        + REMOVED
                        + "\" is gone from opset 13 on, and has an equal there only for mode"
                        + " \"nearest\" with nearest_mode \"floor\", not for \""
                        + mode
                        + "\" with \""
                        + rounding
                        + "\"; export the model with coordinate mode \"half_pixel\"";
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        boolean crops =
                node.stringAttribute(COORDINATES, "half_pixel").equals("tf_crop_and_resize");
        for (int index = 1; index <= 2; index++) {
            Tensor constant = rewriting.facts().constant(node.input(index));
            boolean empty = constant != null && constant.elementCount() == 0;
            if (empty || (index == 1 && !crops && node.input(1) != null)) {
                rewriting.omitInput(node, index);
            }
        }
        if (isRemovedMode(node)) {
            node.setAttribute(COORDINATES, "half_pixel");
            node.setAttribute("nearest_mode", "round_prefer_ceil");
        }
    }

    private static boolean isRemovedMode(Node node) {
        return node.stringAttribute(COORDINATES, "half_pixel").equals(REMOVED);
    }
}
