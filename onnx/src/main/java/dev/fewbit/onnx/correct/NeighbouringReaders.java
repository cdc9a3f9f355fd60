package dev.fewbit.onnx.correct;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds, among the readers of a shared constant, those that belong to one activation. */
final class NeighbouringReaders {

    /** Operators through which dividing a channel of a constant reaches the activation. */
    private static final Set<String> PASS_CHANNELS_ON =
            Set.of(
                    "Add",
                    "Sub",
                    "Mul",
                    "Div",
                    "Relu",
                    "LeakyRelu",
                    "PRelu",
                    "Identity",
                    "Cast",
                    "Dropout");

    /** More nodes than a layer norm or a gated product is written with. */
    private static final int MOST_STEPS = 64;

    private NeighbouringReaders() {}

    /** The readers of a constant that also read the activation. */
    static Set<Node> behind(Value activation, Value constant) {
        Set<Node> found = new LinkedHashSet<>();
        for (Node reader : constant.consumers()) {
            if (reader.inputs().contains(activation)) {
                found.add(reader);
            }
        }
        return found;
    }

    /**
     * The readers of a constant from which element by element operations lead to the activation,
     * over values that nothing else reads.
     */
    static Set<Node> leadingTo(Value activation, Value constant) {
        Set<Node> found = new LinkedHashSet<>();
        Set<Node> readers = Set.copyOf(constant.consumers());
        Deque<Value> open = new ArrayDeque<>();
        open.add(activation);
        for (int step = 0; step < MOST_STEPS && !open.isEmpty(); step++) {
            Value value = open.remove();
            Node maker = value.producer();
            boolean alone = value == activation || value.consumers().size() == 1;
            if (maker == null || !alone) {
                continue;
            }
            if (readers.contains(maker)) {
                found.add(maker);
            }
            if (PASS_CHANNELS_ON.contains(maker.opType()) && found.isEmpty()) {
                maker.inputs().stream().filter(input -> input != null).forEach(open::add);
            }
        }
        return found;
    }
}
