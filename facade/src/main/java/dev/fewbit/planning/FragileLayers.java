package dev.fewbit.planning;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of a network that bear few bits least: the first, the last, and depthwise
 * convolutions.
 *
 * <p>First is a layer that reads nothing but the model's inputs, or what nodes without weights made
 * of them alone. Last is one whose result reaches an output of the model through nodes without
 * weights only. Cost: linear in nodes and inputs, times the number of passes that an unsorted graph
 * needs.
 */
public final class FragileLayers {
    /** What these nodes make of a value tells its shape, and nothing of what is in it. */
    private static final Set<String> SHAPES = Set.of("Shape", "Size");

    /** A layer with less than this share of all weights is small. */
    private static final double SMALL_SHARE = 1.0 / 256;

    private final Set<Node> layers = new HashSet<>();
    private final Map<Node, String> reasons = new HashMap<>();

    private FragileLayers(List<WeightSite> sites) {
        for (WeightSite site : sites) {
            for (WeightUse use : site.uses()) {
                if (isLayer(use)) {
                    layers.add(use.node());
                    if (isDepthwise(site, use)) {
                        reasons.put(
                                use.node(),
                                "a depthwise convolution, whose few weights cannot make up for"
                                        + " each other's errors");
                    }
                }
            }
        }
    }

    private void small(List<WeightSite> sites) {
        double all = 0;
        for (WeightSite site : sites) {
            all += site.uses().stream().anyMatch(FragileLayers::isLayer) ? size(site) : 0;
        }
        for (WeightSite site : sites) {
            for (WeightUse use : site.uses()) {
                if (isLayer(use) && size(site) < all * SMALL_SHARE) {
                    reasons.putIfAbsent(
                            use.node(), "a small layer, in which bits cost next to nothing");
                }
            }
        }
    }

    private static boolean isLayer(WeightUse use) {
        return use.role() != WeightRole.OTHER && use.role() != WeightRole.TABLE;
    }

    private static double size(WeightSite site) {
        return site.tensor().elementCount();
    }

    /** Finds them among the readers of a model's weights; those of subgraphs are none. */
    public static FragileLayers of(Model model, List<WeightSite> sites) {
        FragileLayers found = new FragileLayers(sites);
        found.first(model.graph());
        found.last(model.graph());
        found.small(sites);
        return found;
    }

    /** None. */
    static FragileLayers none() {
        return new FragileLayers(List.of());
    }

    /**
     * Whether a use is that of a convolution in which every output channel reads one input channel.
     */
    static boolean isDepthwise(WeightSite site, WeightUse use) {
        return use.role() == WeightRole.CONVOLUTION
                && use.node().intAttribute("group", 1) > 1
                && site.tensor().rank() > 1
                && site.tensor().dimension(1) == 1;
    }

    /** Why a weight should keep more bits than others; empty if it need not. */
    public Optional<String> reason(WeightSite site) {
        return site.uses().stream()
                .map(use -> Optional.ofNullable(reasons.get(use.node())))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private void first(Graph graph) {
        Set<Value> inputs = new HashSet<>(graph.inputs());
        Set<Value> constants = new HashSet<>(graph.initializers().keySet());
        inputs.removeAll(constants);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Node node : graph.nodes()) {
                boolean constant = reads(node, constants, Set.of());
                if (constant || (!layers.contains(node) && reads(node, inputs, constants))) {
                    changed |= addAll(constant ? constants : inputs, node.outputs());
                }
            }
        }
        for (Node node : graph.nodes()) {
            if (layers.contains(node) && reads(node, inputs, constants)) {
                reasons.putIfAbsent(
                        node, "the first layer, whose errors go through all that follow");
            }
        }
    }

    /**
     * Whether all that a node reads is among some values or others; subgraphs may read anything.
     */
    private static boolean reads(Node node, Set<Value> some, Set<Value> others) {
        for (Value input : node.inputs()) {
            if (input != null && !some.contains(input) && !others.contains(input)) {
                return false;
            }
        }
        return node.subgraphs().isEmpty();
    }

    private static boolean addAll(Set<Value> values, List<@Nullable Value> outputs) {
        boolean changed = false;
        for (Value output : outputs) {
            changed |= output != null && values.add(output);
        }
        return changed;
    }

    private void last(Graph graph) {
        Set<Node> seen = new HashSet<>();
        Deque<Value> values = new ArrayDeque<>(graph.outputs());
        while (!values.isEmpty()) {
            Node producer = values.remove().producer();
            if (producer == null || SHAPES.contains(producer.opType()) || !seen.add(producer)) {
                continue;
            }
            if (layers.contains(producer)) {
                reasons.putIfAbsent(
                        producer, "the last layer, after which nothing evens out its errors");
                continue;
            }
            for (Value input : producer.inputs()) {
                if (input != null) {
                    values.add(input);
                }
            }
        }
    }
}
