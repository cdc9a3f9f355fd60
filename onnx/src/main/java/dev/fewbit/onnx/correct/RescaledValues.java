package dev.fewbit.onnx.correct;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds the values whose channels are other numbers once constants before an activation have been
 * divided: the activation itself, and what lies between it and the nodes that read these constants.
 *
 * <pre>{@code
 * Mul(n, gamma / s) -> m; Add(m, beta / s) -> x      m and x
 * Conv(u, w / s, b / s) -> c; Relu(c) -> x           c and x
 * }</pre>
 */
final class RescaledValues {
    private final Set<@Nullable Node> dividing;
    private final Set<Value> found = new LinkedHashSet<>();

    private RescaledValues(Set<Node> dividing) {
        this.dividing = new HashSet<>(dividing);
    }

    /**
     * @param dividing the nodes that read the divided constants
     */
    static Set<Value> of(Value activation, Set<Node> dividing) {
        RescaledValues values = new RescaledValues(dividing);
        values.follow(activation);
        return values.found;
    }

    private void follow(Value value) {
        Node maker = value.producer();
        if (maker == null || !found.add(value)) {
            return;
        }
        boolean divides = dividing.contains(maker);
        for (Value input : maker.inputs()) {
            if (input != null && (!divides || dividing.contains(input.producer()))) {
                follow(input);
            }
        }
    }
}
