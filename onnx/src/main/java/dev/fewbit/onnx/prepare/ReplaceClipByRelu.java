package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.ClipBounds;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;

/**
 * Clip to [0, 6] becomes Relu where {@link EqualizeChannels} can then rescale through it.
 *
 * <pre>{@code
 * Conv -> Clip(0, 6) -> Conv      becomes      Conv -> Relu -> Conv
 * }</pre>
 *
 * <p>The only rewrite that changes what the model computes, for values above 6: whoever asks for it
 * measures whether that matters.
 */
final class ReplaceClipByRelu implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Graph graph = model.graph();
        Constants constants = new Constants(model);
        int count = 0;
        for (Equalization.Pair pair : Equalization.pairs(model)) {
            for (Node clip : pair.between()) {
                if (ClipBounds.areZeroAndSix(clip, constants)) {
                    Node relu = new Node("Relu", clip.name(), clip.input(0));
                    relu.setRemainder(clip.remainder());
                    graph.replace(clip, relu);
                    count++;
                }
            }
        }
        if (count > 0) {
            graph.removeUnused();
            notes.done(count + " Clip nodes to [0, 6] between layers became Relu.");
        }
        return count > 0;
    }
}
