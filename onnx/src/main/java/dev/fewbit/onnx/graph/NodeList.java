package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The nodes of one graph as a doubly linked list through the nodes themselves. */
final class NodeList {
    private @Nullable Node first;
    private @Nullable Node last;
    private @Nullable List<Node> snapshot;

    /** Puts a node before another; null means at the end. */
    void insert(Node node, @Nullable Node before) {
        Node after = before == null ? last : before.previous;
        node.previous = after;
        node.next = before;
        if (after == null) {
            first = node;
        } else {
            after.next = node;
        }
        if (before == null) {
            last = node;
        } else {
            before.previous = node;
        }
        snapshot = null;
    }

    void remove(Node node) {
        Node before = node.previous;
        Node after = node.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        node.previous = null;
        node.next = null;
        snapshot = null;
    }

    /** All nodes in order; not changed by later edits. */
    List<Node> snapshot() {
        List<Node> nodes = snapshot;
        if (nodes == null) {
            nodes = new ArrayList<>();
            for (Node node = first; node != null; node = node.next) {
                nodes.add(node);
            }
            nodes = List.copyOf(nodes);
            snapshot = nodes;
        }
        return nodes;
    }

    /** The same nodes in another order. */
    void reorder(List<Node> order) {
        first = null;
        last = null;
        for (Node node : order) {
            insert(node, null);
        }
    }
}
