package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** Lets go of float weights that nothing reads any more. */
final class DeadWeights {
    private DeadWeights() {}

    /**
     * Removes the Transpose and Identity nodes behind a float weight that lost their readers, hands
     * what is left of its readers to a replacement, and removes the float weight.
     *
     * @param replacement the float weight made of codes; null if every reader has already been
     *     given something else
     */
    static void remove(WeightSite site, @Nullable Value replacement) {
        Value weight = site.value();
        removeDetours(weight);
        if (replacement != null) {
            site.graph().replaceAllUses(weight, replacement);
        }
        if (!weight.isUsed()) {
            Node constant = weight.producer();
            if (constant == null) {
                site.graph().removeInitializer(weight);
            } else {
                site.graph().remove(constant);
            }
        }
    }

    private static void removeDetours(Value value) {
        for (Node reader : value.consumers()) {
            if (reader.is("Transpose") || reader.is("Identity")) {
                Value output = reader.onlyOutput();
                removeDetours(output);
                if (!output.isUsed()) {
                    Graph graph = Objects.requireNonNull(reader.graph());
                    graph.remove(reader);
                }
            }
        }
    }
}
