package dev.fewbit.rounding;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.tuning.NetworkPrefix;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What the layers of a stage read in the quantized network, in their order: the input of each, and
 * behind it what its output is added to, if anything. Behind those what layers make that are not
 * rounded by data.
 */
final class StageProbe implements NetworkPrefix.Probe {
    private final List<LayerSite> sites;
    private final List<LayerSite> others;

    StageProbe(List<LayerSite> sites) {
        this(sites, List.of());
    }

    StageProbe(List<LayerSite> sites, List<LayerSite> others) {
        this.sites = sites;
        this.others = others;
    }

    @Override
    public Supplier<List<Value>> find(Model model) {
        Map<String, Node> nodes = new HashMap<>();
        model.graph().nodes().forEach(node -> nodes.putIfAbsent(Labels.of(node), node));
        List<Supplier<Value>> wanted = new ArrayList<>();
        for (LayerSite site : sites) {
            wanted.add(input(nodes, site.label(), 0));
            LayerSite.Residual residual = site.residual();
            if (residual != null) {
                wanted.add(input(nodes, residual.node(), residual.other()));
            }
        }
        Constants constants = new Constants(model);
        for (LayerSite other : others) {
            wanted.add(output(nodes, other.label(), constants));
        }
        return () -> wanted.stream().map(Supplier::get).toList();
    }

    /**
     * Names of what a layer reads.
     *
     * @param input its input
     * @param added what its output is added to; null if to nothing that counts
     */
    record Reads(String input, @Nullable String added) {}

    /** Takes the names of what was delivered apart. */
    static Map<LayerSite, Reads> reads(List<LayerSite> sites, List<String> names) {
        Map<LayerSite, Reads> reads = new HashMap<>();
        int at = 0;
        for (LayerSite site : sites) {
            String input = names.get(at++);
            reads.put(site, new Reads(input, site.residual() == null ? null : names.get(at++)));
        }
        return reads;
    }

    /** Names of what the layers make that are not rounded by data, taken from the end. */
    static List<String> outputs(List<LayerSite> others, List<String> names) {
        return names.subList(names.size() - others.size(), names.size());
    }

    /** What a layer makes when the network is quantized, before that is rounded. */
    private static Supplier<Value> output(
            Map<String, Node> nodes, String label, Constants constants) {
        Node node = Objects.requireNonNull(nodes.get(label), label);
        LinearLayer layer = LinearLayer.of(node, constants).orElseThrow();
        Value before = layer.output();
        return () -> layer.last().graph() == null ? before : layer.output();
    }

    /**
     * What a node reads when the network is quantized. A node that another has replaced reads
     * nothing then: what it read is floats still, which the other rounds by itself.
     */
    private static Supplier<Value> input(Map<String, Node> nodes, String label, int index) {
        Node node = Objects.requireNonNull(nodes.get(label), label);
        Value before = Objects.requireNonNull(node.input(index), label);
        return () -> {
            Value now = node.graph() == null ? null : node.input(index);
            return now == null ? before : now;
        };
    }
}
