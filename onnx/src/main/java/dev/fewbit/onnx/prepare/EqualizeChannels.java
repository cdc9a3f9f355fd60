package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Channels between two layers are rescaled until the weights of both are of even size.
 *
 * <pre>{@code
 * Conv(x, w1, b1) -> Relu -> Conv(., w2)
 *     becomes Conv(x, w1 / s, b1 / s) -> Relu -> Conv(., w2 * s)
 * }</pre>
 *
 * <p>Through a Clip to [0, 6], only channels are rescaled that provably never reach 6, see {@link
 * ChannelRanges}.
 */
final class EqualizeChannels implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        List<Equalization.Pair> pairs = new ArrayList<>();
        List<ChannelLimits> limits = new ArrayList<>();
        List<Equalization.Link> links = Equalization.links(model);
        boolean clipped =
                links.stream()
                        .anyMatch(link -> link instanceof Equalization.Pair pair && pair.clipped());
        Constants constants = new Constants(model);
        ChannelRanges ranges =
                clipped
                        ? ChannelRanges.of(model.graph(), constants)
                        : new ChannelRanges(model.graph(), constants);
        for (Equalization.Link link : links) {
            switch (link) {
                case Equalization.Pair pair -> {
                    ChannelLimits bias = ChannelLimits.ofBias(pair.first());
                    ChannelRanges.Range made = ranges.known(pair.first().output());
                    pairs.add(pair);
                    limits.add(
                            pair.clipped()
                                    ? bias.underClip(made == null ? null : made.high())
                                    : bias);
                }
                case Equalization.Obstacle obstacle ->
                        notes.left(
                                obstacle.first().node(),
                                "Not rescaled: " + obstacle.reason() + ".");
            }
        }
        ChannelEvening evening = ChannelEvening.of(pairs, limits);
        for (int index = 0; index < pairs.size(); index++) {
            note(pairs.get(index), evening.factors().get(index), notes);
        }
        evening.store();
        return !pairs.isEmpty();
    }

    private static void note(Equalization.Pair pair, double[] factors, Notes notes) {
        Node node = pair.first().node();
        String second = FoldScalingIntoLayerBefore.describe(pair.second());
        long rescaled = Arrays.stream(factors).filter(factor -> factor != 1).count();
        if (rescaled == 0) {
            notes.left(
                    node,
                    pair.clipped()
                            ? "Not rescaled: every channel may reach the Clip to [0, 6] behind it;"
                                    + " unclip-relu would make that a Relu."
                            : "Not rescaled: its channels and those of " + second + " are even.");
            return;
        }
        notes.done(
                node,
                "%d of its %d channels were divided by %.3g to %.3g, and multiplied again in %s."
                        .formatted(
                                rescaled,
                                factors.length,
                                Arrays.stream(factors).min().orElse(1),
                                Arrays.stream(factors).max().orElse(1),
                                second));
    }
}
