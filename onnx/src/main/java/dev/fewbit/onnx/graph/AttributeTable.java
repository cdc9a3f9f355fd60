package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The attributes of one node in order, and with them the ownership of their subgraphs. */
final class AttributeTable {
    private final Map<String, Attribute> attributes = new LinkedHashMap<>(4);

    Collection<Attribute> all() {
        return Collections.unmodifiableCollection(attributes.values());
    }

    @Nullable Attribute get(String name) {
        return attributes.get(name);
    }

    void set(Attribute attribute, Node owner) {
        Attribute old = attributes.put(attribute.name(), attribute);
        if (old != null) {
            disown(old, attribute, owner);
        }
        for (Graph subgraph : attribute.graphs()) {
            subgraph.setOwner(owner);
        }
    }

    void remove(String name, Node owner) {
        Attribute old = attributes.remove(name);
        if (old != null) {
            disown(old, null, owner);
        }
    }

    List<Graph> graphs() {
        List<Graph> graphs = new ArrayList<>(0);
        for (Attribute attribute : attributes.values()) {
            graphs.addAll(attribute.graphs());
        }
        return graphs;
    }

    /** Forgets what the subgraphs use from outside, except those that another node holds by now. */
    void releaseUses(Node owner) {
        for (Graph subgraph : graphs()) {
            if (subgraph.owner() == owner) {
                subgraph.releaseUses();
            }
        }
    }

    /**
     * Lets go of the subgraphs of a removed attribute, unless its replacement or another node holds
     * them.
     */
    private static void disown(Attribute old, @Nullable Attribute replacement, Node owner) {
        for (Graph subgraph : old.graphs()) {
            boolean kept = replacement != null && replacement.graphs().contains(subgraph);
            if (!kept && subgraph.owner() == owner) {
                subgraph.releaseUses();
                subgraph.setOwner(null);
            }
        }
    }
}
