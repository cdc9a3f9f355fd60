package dev.fewbit.onnx.prepare;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.onnx.constant.ClipBounds;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;
import dev.fewbit.onnx.shape.ValueShapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds layers between which channels can be rescaled: dividing the output channels of the first
 * and multiplying the input channels of the second changes nothing, as long as what lies between
 * them passes positive factors on, as Relu and averages do.
 */
public final class Equalization {

    private final Constants constants;
    private final ValueShapes shapes;

    private Equalization(Model model) {
        constants = new Constants(model);
        shapes = ValueShapes.of(model);
    }

    /** A layer, and where the way from it leads. */
    public sealed interface Link {
        /** The layer whose output channels are looked at. */
        LinearLayer first();
    }

    /**
     * Two layers between which channels can be rescaled.
     *
     * @param first the layer whose output channels are divided
     * @param between the nodes between them, in order
     * @param second the layer whose input channels are multiplied
     * @param repeats adjacent input channels of the second layer that belong to one output channel
     *     of the first; more than 1 after an image was flattened
     * @param clipped whether a Clip to [0, 6] lies between; it must become a Relu first
     */
    public record Pair(
            LinearLayer first, List<Node> between, LinearLayer second, int repeats, boolean clipped)
            implements Link {

        /** Copies the list. */
        public Pair {
            between = List.copyOf(between);
        }
    }

    /**
     * A layer whose output channels must stay as they are.
     *
     * @param reason why, as part of a sentence
     */
    public record Obstacle(LinearLayer first, String reason) implements Link {}

    /** Every convolution and matrix product of a model's own graph, in order, and its link. */
    public static List<Link> links(Model model) {
        Equalization search = new Equalization(model);
        List<Link> links = new ArrayList<>();
        for (Node node : model.graph().nodes()) {
            LinearLayer.of(node, search.constants)
                    .ifPresent(layer -> links.add(search.follow(layer)));
        }
        return links;
    }

    /** The pairs among the {@link #links}. */
    public static List<Pair> pairs(Model model) {
        return links(model).stream().filter(Pair.class::isInstance).map(Pair.class::cast).toList();
    }

    /**
     * The pairs whose channels a {@link Correction.ChannelScaling} can express: groups other than
     * depthwise, and flattened images, are left out.
     */
    public static List<Pair> scalable(Model model) {
        return pairs(model).stream().filter(pair -> ChannelAxes.of(pair).isPresent()).toList();
    }

    /**
     * The correction that divides the channels between the layers of a pair.
     *
     * <p>Through a Clip to [0, 6] this changes nothing for channels that stay below 6 before and
     * after; measured activations tell of many more than can be proved.
     *
     * @param pair one of the {@link #scalable} pairs of a model
     * @param factors one for each channel, finite and positive
     * @param reason why, as a sentence for a person
     * @throws IllegalArgumentException if the pair cannot be expressed
     */
    public static Correction.ChannelScaling scaling(Pair pair, List<Float> factors, String reason) {
        ChannelAxes axes =
                ChannelAxes.of(pair)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "the channels between "
                                                        + pair.first()
                                                        + " and "
                                                        + pair.second()
                                                        + " do not lie along one axis"));
        return new Correction.ChannelScaling(
                pair.second().input().name(),
                axes.first(),
                List.of(axes.second()),
                factors,
                reason);
    }

    private Link follow(LinearLayer first) {
        if (isShared(first)) {
            return new Obstacle(first, "other nodes read its weights too");
        }
        List<Node> between = new ArrayList<>();
        boolean clipped = false;
        ChannelPlace place = ChannelPlace.of(first);
        Value value = first.output();
        while (true) {
            Node reader = SoleReader.of(value);
            if (reader == null || reader.input(0) != value) {
                return new Obstacle(first, whyNoReader(value));
            }
            Optional<LinearLayer> second = LinearLayer.of(reader, constants);
            if (second.isPresent()) {
                return link(first, between, second.get(), place, clipped);
            }
            clipped |= ClipBounds.areZeroAndSix(reader, constants);
            Optional<ChannelPlace> next =
                    PositiveHomogeneity.pass(reader, place, shapes, constants);
            if (next.isEmpty() || reader.outputs().size() != 1) {
                return new Obstacle(first, reader + " is behind it");
            }
            place = next.get();
            between.add(reader);
            value = reader.onlyOutput();
        }
    }

    private static String whyNoReader(Value value) {
        if (value.isGraphOutput()) {
            return "its result, " + value + ", is an output of the graph";
        }
        int readers = value.consumers().size();
        return readers == 1
                ? value.consumers().getFirst() + " is behind it"
                : readers + " nodes read its result, " + value;
    }

    private Link link(
            LinearLayer first,
            List<Node> between,
            LinearLayer second,
            ChannelPlace place,
            boolean clipped) {
        int outputs = first.outputChannels().channels();
        int inputs = second.inputChannels().channels();
        boolean sameAxis =
                second.isConvolution()
                        ? place == ChannelPlace.SECOND_AXIS
                        : place != ChannelPlace.SECOND_AXIS
                                && second.node().intAttribute("transA", 0) == 0;
        boolean fits = place == ChannelPlace.FLATTENED ? inputs % outputs == 0 : inputs == outputs;
        if (!sameAxis || !fits) {
            return new Obstacle(first, "its channels are not those of " + second);
        }
        if (isShared(second)) {
            return new Obstacle(first, "other nodes read the weights of " + second + " too");
        }
        return new Pair(first, between, second, inputs / outputs, clipped);
    }

    private static boolean isShared(LinearLayer layer) {
        Value weight = layer.node().input(1);
        return weight == null || SoleReader.of(weight) == null;
    }
}
