package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Something that flows along the edges of a graph: a graph input, an initializer, or an output of a
 * node. It knows who makes it and who uses it.
 */
public final class Value {
    private String name;
    private @Nullable Node producer;
    private @Nullable Graph home;
    private final Map<Node, Integer> uses = new LinkedHashMap<>(2);
    private int outputUses;
    private @Nullable ElementType elementType;
    private @Nullable Shape shape;
    private Remainder encodedType = Remainder.NONE;
    private Remainder remainder = Remainder.NONE;

    /**
     * A value that nothing makes yet: hand it to a node as output, or to a graph as input or
     * initializer.
     */
    public Value(String name) {
        this.name = requireName(name);
    }

    /** The name in the file; unique within its graph. */
    public String name() {
        return name;
    }

    /** Renames the value. Edges are references, so nothing else changes. */
    public void setName(String name) {
        this.name = requireName(name);
    }

    /** The node that makes this value; null for graph inputs and initializers. */
    public @Nullable Node producer() {
        return producer;
    }

    /** The graph in which this value is defined; null while it is in none. */
    public @Nullable Graph graph() {
        Node maker = producer;
        return maker == null ? home : maker.graph();
    }

    /** The nodes that use this value, each once, those inside subgraphs included; a copy. */
    public List<Node> consumers() {
        return List.copyOf(uses.keySet());
    }

    /** True when this node uses this value; as fast for thousands of users as for one. */
    boolean isReadBy(Node node) {
        return uses.containsKey(node);
    }

    /** True when a node uses this value or a graph delivers it. */
    public boolean isUsed() {
        return !uses.isEmpty() || outputUses > 0;
    }

    /** True when a graph (the model's or a subgraph) delivers this value as an output. */
    public boolean isGraphOutput() {
        return outputUses > 0;
    }

    /** True when this value is an input of its graph, overridable initializers included. */
    public boolean isGraphInput() {
        Graph owner = home;
        return owner != null && owner.inputs().contains(this);
    }

    /** The constant this value holds from the start; null when it is not an initializer. */
    public @Nullable Tensor initializer() {
        Graph owner = home;
        return owner == null ? null : owner.initializer(this);
    }

    /** Element type, where the model states one. An initializer's own tensor knows better. */
    public @Nullable ElementType elementType() {
        return elementType;
    }

    /** Shape, where the model states one; null means that not even the rank is stated. */
    public @Nullable Shape shape() {
        return shape;
    }

    /**
     * States (or, with nulls, no longer states) that this value is a tensor of this type and shape.
     */
    public void setType(@Nullable ElementType elementType, @Nullable Shape shape) {
        this.elementType = elementType;
        this.shape = shape;
        encodedType = Remainder.NONE;
    }

    /**
     * The encoded {@code type} field as the file has it, kept for what {@link #elementType()} and
     * {@link #shape()} do not say (sequences, optionals, denotations); empty when there was none or
     * {@link #setType} replaced it.
     */
    public Remainder encodedType() {
        return encodedType;
    }

    /** Doc string, metadata and unknown fields, written back as they were read. */
    public Remainder remainder() {
        return remainder;
    }

    /** For readers: what the file says about this value. */
    public void setInfo(
            @Nullable ElementType elementType,
            @Nullable Shape shape,
            Remainder encodedType,
            Remainder remainder) {
        this.elementType = elementType;
        this.shape = shape;
        this.encodedType = encodedType;
        this.remainder = remainder;
    }

    /** True when there is something to say about this value besides its name. */
    public boolean hasInfo() {
        return elementType != null
                || shape != null
                || !encodedType.isEmpty()
                || !remainder.isEmpty();
    }

    void setProducer(@Nullable Node producer) {
        this.producer = producer;
    }

    void setHome(@Nullable Graph home) {
        this.home = home;
    }

    void addUse(Node consumer) {
        uses.put(consumer, uses.getOrDefault(consumer, 0) + 1);
    }

    void removeUse(Node consumer) {
        int count = uses.getOrDefault(consumer, 0);
        if (count <= 1) {
            uses.remove(consumer);
        } else {
            uses.put(consumer, count - 1);
        }
    }

    void changeOutputUses(int by) {
        outputUses += by;
    }

    private static String requireName(String name) {
        if (Objects.requireNonNull(name, "name").isEmpty()) {
            throw new IllegalArgumentException(
                    "A value needs a name; an empty name means an omitted optional input");
        }
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
