package dev.fewbit.runtime.profile;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the node of a model that a kernel of ONNX Runtime stands for, by the names that the runtime
 * gives (seen with 1.29 and 1.30):
 *
 * <ul>
 *   <li>most fusions keep the name of their main node: {@code MatMulNBits}, {@code QLinearConv},
 *       {@code QLinearAdd}, {@code QGemm};
 *   <li>{@code _token_} and a number is appended where a name was used before;
 *   <li>others append a word, as in {@code /a/MatMul/MatMulScaleFusion/};
 *   <li>convolutions and pools in blocked memory layout are called by their output and {@code
 *       _nchwc}, after they took in activations and sums that follow; the name is then that of the
 *       output of the last of these;
 *   <li>nodes that the runtime makes itself ({@code Transpose}, {@code ReorderInput}, {@code Gelu})
 *       have names of their own, which lead nowhere.
 * </ul>
 */
final class KernelNames {

    private static final Pattern TOKEN = Pattern.compile("_token_\\d+$");

    private static final String BLOCKED = "_nchwc";

    /** A convolution takes in a sum and an activation. */
    private static final int MOST_FUSED = 3;

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<Node, Integer> order = new HashMap<>();
    private final Set<String> kernels;

    /**
     * For the kernels of one model.
     *
     * @param kernels the names of all its kernels
     */
    KernelNames(Graph graph, Set<String> kernels) {
        this.kernels = kernels;
        for (Node node : graph.nodes()) {
            order.put(node, order.size());
            if (!node.name().isEmpty()) {
                nodes.putIfAbsent(node.name(), node);
            }
            for (Value output : node.outputs()) {
                if (output != null) {
                    producers.put(output.name(), node);
                }
            }
        }
    }

    /** The name of the node that a kernel stands for, or empty if there is none. */
    String node(String kernel, String operator) {
        String name = TOKEN.matcher(kernel).replaceFirst("");
        if (name.endsWith(BLOCKED)) {
            Node last = producers.get(name.substring(0, name.length() - BLOCKED.length()));
            if (last != null) {
                Node main = main(last, operator, 0);
                return main == null ? last.name() : main.name();
            }
        }
        // The name, or what is before its last words.
        while (!name.isEmpty() && !nodes.containsKey(name)) {
            name = name.substring(0, Math.max(0, name.lastIndexOf('/')));
        }
        return name;
    }

    /**
     * The node of an operator that what follows it was fused into; the last where there are two.
     */
    private @Nullable Node main(Node last, String operator, int depth) {
        if (last.opType().equals(operator)) {
            return last;
        }
        Node found = null;
        if (depth < MOST_FUSED) {
            for (Value input : last.inputs()) {
                Node producer = input == null ? null : input.producer();
                if (producer == null || kernels.contains(producer.name())) {
                    continue;
                }
                Node main = main(producer, operator, depth + 1);
                if (main != null && (found == null || place(main) > place(found))) {
                    found = main;
                }
            }
        }
        return found;
    }

    private int place(Node node) {
        return order.getOrDefault(node, 0);
    }
}
