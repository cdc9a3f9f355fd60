package dev.fewbit.planning.integer;

import java.util.List;

/**
 * A weight that is quantized, and who computes with it.
 *
 * @param tensor name of the weight
 * @param operator operator type of its first reader
 * @param nodes labels of the integer nodes that read it; none for a weight that is only stored in
 *     few bits
 * @param readers labels of all nodes that read it
 * @param floatBytes bytes that it takes as floats
 */
public record PlannedLayer(
        String tensor, String operator, List<String> nodes, List<String> readers, long floatBytes) {

    /** Copies the lists. */
    public PlannedLayer {
        nodes = List.copyOf(nodes);
        readers = List.copyOf(readers);
    }

    /** Whether something computes with it in integers. */
    public boolean isInteger() {
        return !nodes.isEmpty();
    }

    /** For people: the node, or the weight if several or none compute in integers with it. */
    public String label() {
        return nodes.size() == 1 ? nodes.getFirst() : tensor;
    }
}
