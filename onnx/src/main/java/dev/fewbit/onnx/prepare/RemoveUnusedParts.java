package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.graph.Model;

/**
 * Removes nodes and constants that nothing uses: {@code w, x -> f(x)} becomes {@code x -> f(x)}.
 */
final class RemoveUnusedParts implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        model.graph().removeUnused();
        return true;
    }
}
