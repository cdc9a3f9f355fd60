package dev.fewbit.planning.integer;

import dev.fewbit.Recipe;
import dev.fewbit.core.format.Affine;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.onnx.weight.WeightUse;
import dev.fewbit.planning.FragileLayers;
import dev.fewbit.planning.integer.IntegerNode.Part;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which layers read fewer than 8 bits, and which values are rounded to so few because nobody else
 * reads them.
 *
 * <p>Layers with weights do, except for those that bear few bits least, where the recipe tells them
 * apart: the rule by which such layers keep 8-bit weights. Values that share their levels because
 * nodes only moved data between them are rounded to few bits together or not at all. What others
 * read too, or a caller of the network, keeps 8 bits, and the layers round it once more.
 */
final class NarrowInputs {
    private final IntegerRegions regions;
    private final Map<Value, Value> sources;
    private final Set<Node> layers = new HashSet<>();
    private final Map<Node, String> kept = new HashMap<>();
    private final Set<Value> narrow = new HashSet<>();

    private NarrowInputs(IntegerRegions regions, Map<Value, Value> sources) {
        this.regions = regions;
        this.sources = sources;
    }

    /**
     * Looks at a model; with 8 bits or more there are none.
     *
     * @param format number format that layers are to read
     * @param sources each quantized value with the one that decides its levels
     */
    static NarrowInputs of(
            Model model,
            Recipe recipe,
            Affine format,
            IntegerRegions regions,
            Map<Value, Value> sources) {
        NarrowInputs found = new NarrowInputs(regions, sources);
        if (format.bits() < Byte.SIZE) {
            found.findLayers(model, recipe.forModel(model), format);
            found.findValues();
        }
        return found;
    }

    /** Whether the values that have their levels from this one are rounded to few bits. */
    boolean isNarrow(Value source) {
        return narrow.contains(source);
    }

    /** Whether a layer rounds what it reads to few bits by itself. */
    boolean roundsInput(Node node) {
        return layers.contains(node) && !narrow.contains(sources.get(node.input(0)));
    }

    /** Why a layer reads 8 bits although others read fewer; empty if it does not. */
    Optional<String> keptReason(Node node) {
        return Optional.ofNullable(kept.get(node));
    }

    private void findLayers(Model model, Recipe recipe, Affine format) {
        List<WeightSite> sites = WeightSites.find(model);
        boolean apart =
                recipe.fragile().filter(fragile -> fragile.bits() > format.bits()).isPresent();
        FragileLayers fragile = FragileLayers.of(model, sites);
        Set<Node> weighted = new HashSet<>();
        regions.integers().stream()
                .filter(IntegerNode::hasWeights)
                .forEach(integer -> weighted.add(integer.node()));
        for (WeightSite site : sites) {
            Optional<String> reason = apart ? fragile.reason(site) : Optional.empty();
            for (WeightUse use : site.uses()) {
                if (use.input() != 1 || !weighted.contains(use.node())) {
                    continue;
                }
                if (reason.isEmpty()) {
                    layers.add(use.node());
                } else {
                    kept.put(use.node(), reason.get());
                }
            }
        }
    }

    private void findValues() {
        Constants constants = regions.constants();
        for (Node layer : layers) {
            Value source = sources.get(layer.input(0));
            if (source != null && constants.resolve(source).isEmpty()) {
                narrow.add(source);
            }
        }
        sources.forEach(
                (value, source) -> {
                    if (narrow.contains(source) && isReadByOthers(value)) {
                        narrow.remove(source);
                    }
                });
    }

    /** Whether something sees the rounded value that is no layer of few bits. */
    private boolean isReadByOthers(Value value) {
        Node producer = value.producer();
        boolean rounded = producer != null && regions.isInteger(producer);
        if (rounded && value.isGraphOutput()) {
            return true;
        }
        for (Node reader : value.consumers()) {
            boolean relevant = rounded || regions.isInteger(reader);
            boolean moves = regions.part(reader) == Part.MOVE;
            boolean layer = layers.contains(reader) && reader.input(0) == value;
            if (relevant && !moves && !layer) {
                return true;
            }
        }
        return false;
    }
}
