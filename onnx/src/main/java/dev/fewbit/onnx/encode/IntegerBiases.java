package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The biases of all integer nodes, by the weight that decides about their scales. */
final class IntegerBiases {
    private final Map<String, List<IntegerBias>> byWeight = new HashMap<>();
    private final Map<IntegerBias, Float> withoutWeight = new LinkedHashMap<>();

    private IntegerBiases() {}

    /** Finds them in a graph that has passed {@link IntegerCheck}. */
    static IntegerBiases of(IntegerGraph graph, Plan plan, Map<String, WeightSite> sites) {
        IntegerBiases biases = new IntegerBiases();
        Map<Node, WeightSite> weights = new HashMap<>();
        Map<Node, WeightUse> uses = new HashMap<>();
        for (WeightPlan weight : plan.weights()) {
            WeightSite site = Objects.requireNonNull(sites.get(weight.tensor()));
            for (int i = 0; i < site.uses().size(); i++) {
                if (weight.uses().get(i).encoding() == Encoding.INTEGER) {
                    weights.put(site.uses().get(i).node(), site);
                    uses.put(site.uses().get(i).node(), site.uses().get(i));
                }
            }
        }
        graph.nodes()
                .forEach(
                        (node, support) -> {
                            if (support instanceof Kernel kernel && kernel.bias().isPresent()) {
                                int input = kernel.bias().getAsInt();
                                biases.add(graph, node, input, weights, uses);
                            }
                        });
        return biases;
    }

    /** The biases whose scales depend on a weight. */
    List<IntegerBias> of(WeightPlan weight) {
        return byWeight.getOrDefault(weight.tensor(), List.of());
    }

    /** Stores the biases of products of two activations. */
    void storeOthers() {
        withoutWeight.forEach(IntegerBias::store);
    }

    private void add(
            IntegerGraph graph,
            Node node,
            int input,
            Map<Node, WeightSite> weights,
            Map<Node, WeightUse> uses) {
        Node product = node;
        if (graph.addedBiases().containsKey(node)) {
            Value sum = Objects.requireNonNull(node.input(1 - input));
            product = Objects.requireNonNull(sum.producer());
        }
        Value value = Objects.requireNonNull(node.input(input));
        Tensor tensor = graph.constants().resolve(value).orElseThrow();
        float scale = scale(graph, product, 0);
        WeightSite site = weights.get(product);
        if (site == null) {
            long channels = tensor.rank() == 0 ? 1 : tensor.dimension(tensor.rank() - 1);
            withoutWeight.put(
                    IntegerBias.of(node, input, value.name(), tensor, channels, scale),
                    scale(graph, product, 1));
        } else {
            long channels =
                    IntegerWeight.channels(
                            site.tensor(), Objects.requireNonNull(uses.get(product)));
            byWeight.computeIfAbsent(site.name(), _ -> new ArrayList<>())
                    .add(IntegerBias.of(node, input, value.name(), tensor, channels, scale));
        }
    }

    private static float scale(IntegerGraph graph, Node product, int input) {
        return graph.levels(product, input).parameters().scale();
    }
}
