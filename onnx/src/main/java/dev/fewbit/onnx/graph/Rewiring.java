package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/** Moves the users of one value to another; the rules are at {@link Graph#replaceUses}. */
final class Rewiring {
    private Rewiring() {}

    static void replaceUses(Value old, Value replacement, Predicate<Node> which) {
        if (old == replacement) {
            return;
        }
        for (Node consumer : old.consumers()) {
            if (consumer == replacement.producer() || !which.test(consumer)) {
                continue;
            }
            for (int index = 0; index < consumer.inputs().size(); index++) {
                if (consumer.input(index) == old) {
                    consumer.setInput(index, replacement);
                }
            }
        }
        if (old.isGraphOutput()) {
            Graph home = requireHome(old);
            replaceOutput(home, old, replacement);
        }
    }

    /** See {@link Graph#replace}. */
    static void replaceNode(Graph graph, Node old, Node replacement) {
        if (!replacement.outputs().isEmpty()) {
            throw new IllegalArgumentException(
                    "The replacement of "
                            + old
                            + " takes over its outputs and must have none, but "
                            + replacement
                            + " has "
                            + replacement.outputs());
        }
        graph.insertBefore(old, replacement);
        for (int index = 0; index < old.outputs().size(); index++) {
            replacement.addOutput(old.output(index) == null ? null : old.releaseOutput(index));
        }
        graph.remove(old);
    }

    private static void replaceOutput(Graph graph, Value old, Value replacement) {
        int index = graph.outputs().indexOf(old);
        if (index < 0) {
            throw new IllegalStateException(
                    "The value "
                            + old
                            + " is delivered by a subgraph of "
                            + graph
                            + " and cannot be replaced there; let an Identity node inside the"
                            + " subgraph deliver it");
        }
        Value output =
                canTakeName(graph, replacement) ? replacement : addIdentity(graph, replacement);
        String name = old.name();
        old.setName(graph.freshName(name + "_replaced"));
        output.setName(name);
        if (!output.hasInfo()) {
            output.setInfo(old.elementType(), old.shape(), old.encodedType(), old.remainder());
        }
        for (; index >= 0; index = graph.outputs().indexOf(old)) {
            graph.setOutput(index, output);
        }
    }

    private static boolean canTakeName(Graph graph, Value replacement) {
        return replacement.producer() != null
                && replacement.graph() == graph
                && !replacement.isGraphOutput();
    }

    private static Value addIdentity(Graph graph, Value source) {
        Node identity = new Node("Identity", graph.freshName(source.name() + "_identity"), source);
        graph.add(identity);
        return identity.addOutput(graph.freshName(source.name() + "_output"));
    }

    private static Graph requireHome(Value value) {
        @Nullable Graph home = value.graph();
        if (home == null) {
            throw new IllegalStateException(
                    "The value " + value + " is a graph output, but is defined in no graph");
        }
        return home;
    }
}
