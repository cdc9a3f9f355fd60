package dev.fewbit.search;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.ReadValues;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.tuning.PreparedModel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a float network that a weight has an influence on. What comes before need not run
 * again when the weight changes.
 */
final class WeightSuffix {
    private final PreparedModel prepared;
    private final List<Correction> corrections;
    private final String tensor;
    private final boolean cuts;

    /**
     * @param corrections corrections of the float network
     * @param tensor name of the weight
     * @param cuts false to run the whole network, for what cannot be cut
     */
    WeightSuffix(
            PreparedModel prepared, List<Correction> corrections, String tensor, boolean cuts) {
        this.prepared = prepared;
        this.corrections = corrections;
        this.tensor = tensor;
        this.cuts = cuts;
    }

    /** The type of a value that can be fed to a network; empty for others. */
    private static Optional<ElementType> feedable(NumberType type) {
        return switch (type) {
            case BOOL -> Optional.of(ElementType.BOOL);
            case INT8 -> Optional.of(ElementType.INT8);
            case UINT8 -> Optional.of(ElementType.UINT8);
            case INT16 -> Optional.of(ElementType.INT16);
            case INT32 -> Optional.of(ElementType.INT32);
            case INT64 -> Optional.of(ElementType.INT64);
            case FLOAT16 -> Optional.of(ElementType.FLOAT16);
            case BFLOAT16 -> Optional.of(ElementType.BFLOAT16);
            case FLOAT32 -> Optional.of(ElementType.FLOAT);
            case FLOAT64 -> Optional.of(ElementType.DOUBLE);
            case UINT16, UINT32, UINT64 -> Optional.empty();
        };
    }

    /** Whether values of these types can be fed, and none of the names is missing. */
    static boolean canFeed(Set<String> names, Map<String, NumberType> types) {
        return names.stream()
                .allMatch(
                        name ->
                                Optional.ofNullable(types.get(name))
                                        .flatMap(WeightSuffix::feedable)
                                        .isPresent());
    }

    /** Names of what the prefix delivers. */
    Set<String> cutNames() throws IOException {
        Model model = read(corrections);
        Set<String> names = new LinkedHashSet<>();
        cut(model.graph(), dependents(model)).forEach(value -> names.add(value.name()));
        return names;
    }

    /**
     * Writes the part of the network before the weight.
     *
     * @return empty if the part behind it reads inputs of the model only
     */
    Optional<Path> prefix() throws IOException {
        Model model = read(corrections);
        Graph graph = model.graph();
        Set<Value> cut = cut(graph, dependents(model));
        if (cut.isEmpty()) {
            return Optional.empty();
        }
        while (!graph.outputs().isEmpty()) {
            graph.removeOutput(graph.outputs().size() - 1);
        }
        cut.forEach(graph::addOutput);
        graph.removeUnused();
        return Optional.of(prepared.write(model, "before.onnx"));
    }

    /**
     * Writes the part behind it.
     *
     * @param plan what becomes of the weight
     * @param weights the weight rounded, if it is
     * @param shift what becomes of the bias; null if nothing does
     * @param types types of what the prefix delivers
     */
    Path suffix(
            WeightPlan plan,
            RoundedWeights weights,
            @Nullable BiasShift shift,
            Map<String, NumberType> types)
            throws IOException {
        List<Correction> all = new ArrayList<>(corrections);
        if (shift != null) {
            all.add(shift);
        }
        Model model = read(all);
        Graph graph = model.graph();
        Set<Node> dependents = dependents(model);
        for (Value value : cut(graph, dependents)) {
            String name = value.name();
            value.setName(graph.freshName(name + "/before"));
            Value input = new Value(name);
            ElementType type =
                    Optional.ofNullable(types.get(name))
                            .flatMap(WeightSuffix::feedable)
                            .orElseThrow(() -> new IllegalStateException("cannot feed " + name));
            input.setType(type, null);
            graph.addInput(input);
            graph.replaceUses(value, input, dependents::contains);
        }
        for (int i = graph.outputs().size() - 1; i >= 0; i--) {
            Node producer = graph.outputs().get(i).producer();
            if (producer == null || !dependents.contains(producer)) {
                graph.removeOutput(i);
            }
        }
        graph.removeUnused();
        new ModelEncoder(model, Measuring.NOTHING, weights)
                .encode(new Plan("", "search", 0, GraphPlan.NONE, List.of(plan), List.of()));
        graph.removeUnused();
        return prepared.write(model, "behind.onnx");
    }

    private Model read(List<Correction> all) throws IOException {
        Model model = prepared.read();
        GraphCorrector.apply(model, all);
        return model;
    }

    /** All nodes of the main graph that a change of the weight reaches. */
    private Set<Node> dependents(Model model) {
        Set<Value> reached = new HashSet<>();
        for (WeightSite site : WeightSites.find(model)) {
            if (site.name().equals(tensor)) {
                reached.add(site.value());
            }
        }
        Set<Node> nodes = new LinkedHashSet<>();
        for (Node node : model.graph().nodes()) {
            if (ReadValues.of(node).stream().anyMatch(reached::contains)
                    || ownsOneOf(node, reached)) {
                nodes.add(node);
                for (Value output : node.outputs()) {
                    if (output != null) {
                        reached.add(output);
                    }
                }
            }
        }
        // What subgraphs capture cannot be fed as easily, so nothing is cut there.
        return !cuts || nodes.stream().anyMatch(node -> !node.subgraphs().isEmpty())
                ? new LinkedHashSet<>(model.graph().nodes())
                : nodes;
    }

    private static boolean ownsOneOf(Node node, Set<Value> values) {
        return node.subgraphs().stream()
                .anyMatch(
                        graph -> values.stream().anyMatch(value -> isInside(value.graph(), graph)));
    }

    private static boolean isInside(@Nullable Graph inner, Graph outer) {
        for (Graph graph = inner; graph != null; graph = graph.parent()) {
            if (graph == outer) {
                return true;
            }
        }
        return false;
    }

    /** What they read of nodes that are not among them. */
    private static Set<Value> cut(Graph graph, Set<Node> dependents) {
        Set<Value> cut = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (dependents.contains(node)) {
                for (Value value : ReadValues.of(node)) {
                    Node producer = value.producer();
                    if (producer != null
                            && producer.graph() == graph
                            && !dependents.contains(producer)) {
                        cut.add(value);
                    }
                }
            }
        }
        return cut;
    }
}
