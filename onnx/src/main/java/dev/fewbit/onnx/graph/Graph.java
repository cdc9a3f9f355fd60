package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A graph: inputs, initializers, nodes in execution order, outputs. The body of an If, Loop or Scan
 * is a graph too, held by an attribute of that node; its nodes may use values of the graphs around
 * it.
 *
 * <p>Adding, removing and finding neighbours cost constant time. {@link #verify()} states what must
 * hold at the end of every change; single steps of a change may break it.
 */
public final class Graph {
    private String name;
    private @Nullable Node owner;
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final Map<Value, Tensor> initializers = new LinkedHashMap<>();
    private final Set<Value> sparseInitializers = new LinkedHashSet<>(0);
    private final Set<Value> listedInfos = new LinkedHashSet<>();
    private final NodeList nodes = new NodeList();
    @Nullable NameScope names;
    private Remainder remainder = Remainder.NONE;

    /** An empty graph. */
    public Graph(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** The graph's name; may be empty. */
    public String name() {
        return name;
    }

    /** Renames the graph. */
    public void setName(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** The node whose attribute holds this subgraph; null for the model's own graph. */
    public @Nullable Node owner() {
        return owner;
    }

    /** The graph around this subgraph; null for the model's own graph. */
    public @Nullable Graph parent() {
        Node holder = owner;
        return holder == null ? null : holder.graph();
    }

    /**
     * Sparse initializers, annotations, metadata, doc string and unknown fields, written back as
     * they were read.
     */
    public Remainder remainder() {
        return remainder;
    }

    /** For readers. */
    public void setRemainder(Remainder remainder) {
        this.remainder = Objects.requireNonNull(remainder, "remainder");
    }

    /** The inputs in order; a view. */
    public List<Value> inputs() {
        return Collections.unmodifiableList(inputs);
    }

    /** Adds an input at the end. */
    public void addInput(Value value) {
        adopt(value);
        inputs.add(value);
    }

    /** Takes a value off the inputs. What still uses it needs another value. */
    public void removeInput(Value value) {
        if (inputs.remove(value)) {
            abandon(value);
        }
    }

    /** The outputs in order; a view. */
    public List<Value> outputs() {
        return Collections.unmodifiableList(outputs);
    }

    /** Adds an output at the end. */
    public void addOutput(Value value) {
        outputs.add(value);
        value.changeOutputUses(1);
    }

    /**
     * Replaces one output. Its name in the file is the new value's; to keep the name use {@link
     * #replaceAllUses}.
     */
    public void setOutput(int index, Value value) {
        value.changeOutputUses(1);
        outputs.set(index, value).changeOutputUses(-1);
    }

    /** Takes an output off the graph. */
    public void removeOutput(int index) {
        outputs.remove(index).changeOutputUses(-1);
    }

    /** The constants of this graph, in file order; a view. */
    public Map<Value, Tensor> initializers() {
        return Collections.unmodifiableMap(initializers);
    }

    /** The constant that this value holds in this graph; null when it holds none. */
    public @Nullable Tensor initializer(Value value) {
        return initializers.get(value);
    }

    /** Adds a constant under a new value of this name; {@link #freshName} makes a free one. */
    public Value addInitializer(String valueName, Tensor tensor) {
        Value value = new Value(valueName);
        setInitializer(value, tensor);
        return value;
    }

    /** Gives a value a constant, or replaces the one it has. */
    public void setInitializer(Value value, Tensor tensor) {
        Objects.requireNonNull(tensor, "tensor");
        if (!initializers.containsKey(value)) {
            adopt(value);
        }
        initializers.put(value, tensor);
    }

    /**
     * Removes a constant, and the input of the same name that models before IR version 4 list for
     * it.
     */
    public void removeInitializer(Value value) {
        initializers.remove(value);
        inputs.remove(value);
        abandon(value);
    }

    /**
     * Values that sparse initializers in the remainder define; they must keep their names. A view.
     */
    public Set<Value> sparseInitializers() {
        return Collections.unmodifiableSet(sparseInitializers);
    }

    /**
     * For readers: declares the value of a sparse initializer that {@link #remainder()} carries.
     */
    public void addSparseInitializer(Value value) {
        adopt(value);
        sparseInitializers.add(value);
    }

    /** The nodes in order; a copy, so the graph may be changed while going through it. */
    public List<Node> nodes() {
        return nodes.snapshot();
    }

    /** Adds a new node at the end. */
    public void add(Node node) {
        claim(node);
        nodes.insert(node, null);
    }

    /** Adds a new node just before one of this graph. */
    public void insertBefore(Node anchor, Node node) {
        requireMember(anchor);
        claim(node);
        nodes.insert(node, anchor);
    }

    /** Adds a new node just after one of this graph. */
    public void insertAfter(Node anchor, Node node) {
        requireMember(anchor);
        claim(node);
        nodes.insert(node, anchor.next);
    }

    /**
     * Removes a node for good: it lets go of its inputs and outputs.
     *
     * @throws IllegalStateException when one of its outputs is still used
     */
    public void remove(Node node) {
        requireMember(node);
        UnusedParts.require(node);
        node.outputs().forEach(listedInfos::remove);
        nodes.remove(node);
        node.setGraph(null);
        node.dismantle();
    }

    /**
     * Puts a new node without outputs where an old one is: the new node makes the very values that
     * the old one made, so names and users stay; then the old node is removed.
     */
    public void replace(Node old, Node replacement) {
        Rewiring.replaceNode(this, old, replacement);
    }

    /** Lets everything that uses one value use another; see {@link #replaceUses}. */
    public void replaceAllUses(Value old, Value replacement) {
        replaceUses(old, replacement, _ -> true);
    }

    /**
     * Lets the consumers that a condition selects use another value, except the node that makes the
     * replacement (so that a node can be put behind a value). When a graph delivers the old value,
     * it delivers the replacement from now on under the same name: the replacement takes the name
     * and the old value gets a fresh one, or, where the replacement cannot (it is an input, a
     * constant, another output, or made in another graph), an Identity node makes the output.
     */
    public void replaceUses(Value old, Value replacement, Predicate<Node> which) {
        Rewiring.replaceUses(old, replacement, which);
    }

    /**
     * Values that the file lists under {@code value_info}, in that order; other typed values are
     * added on writing.
     */
    public Set<Value> listedInfos() {
        return Collections.unmodifiableSet(listedInfos);
    }

    /** For readers: keeps the place of a value under {@code value_info}. */
    public void listInfo(Value value) {
        listedInfos.add(value);
    }

    /**
     * A name that no value and no node of the whole model has, subgraphs included: the base itself
     * when it is free, else with a number behind it. The name counts as taken from now on.
     */
    public String freshName(String base) {
        return NameScope.ofModel(this).fresh(base);
    }

    /**
     * The nodes of this graph and of all subgraphs below it, each before the nodes of its own
     * subgraphs.
     */
    public List<Node> allNodes() {
        List<Node> all = new ArrayList<>();
        for (Node node : nodes()) {
            all.add(node);
            node.subgraphs().forEach(subgraph -> all.addAll(subgraph.allNodes()));
        }
        return all;
    }

    /** True when every value is made before it is used. */
    public boolean isSorted() {
        return TopologicalOrder.isSorted(this);
    }

    /**
     * Brings the nodes of this graph, and of all subgraphs, into an order in which every value is
     * made before it is used. Nodes move only where they must.
     *
     * @throws InvalidGraphException when there is a cycle
     */
    public void sort() {
        nodes.reorder(TopologicalOrder.of(this));
        for (Node node : nodes()) {
            node.subgraphs().forEach(Graph::sort);
        }
    }

    /**
     * Removes nodes whose outputs nothing uses, then constants that nothing uses; subgraphs
     * included.
     */
    public void removeUnused() {
        UnusedParts.removeFrom(this);
    }

    /**
     * Checks the invariants of this graph and all subgraphs: names are unique, every value in use
     * is defined in this graph or one around it, and no node depends on itself. The order of the
     * nodes is free; see {@link #sort()}.
     *
     * @throws InvalidGraphException naming the culprit
     */
    public void verify() {
        GraphInvariants.check(this);
    }

    void setOwner(@Nullable Node owner) {
        this.owner = owner;
        names = null;
    }

    /** Forgets what this subgraph uses, because it is thrown away. */
    void releaseUses() {
        for (Node node : nodes()) {
            node.dismantle();
        }
        while (!outputs.isEmpty()) {
            removeOutput(outputs.size() - 1);
        }
    }

    private void adopt(Value value) {
        if (value.producer() != null || (value.graph() != null && value.graph() != this)) {
            throw new IllegalArgumentException(
                    "Already defined in graph " + value.graph() + ": value " + value);
        }
        value.setHome(this);
    }

    private void abandon(Value value) {
        boolean defined =
                initializers.containsKey(value)
                        || inputs.contains(value)
                        || sparseInitializers.contains(value);
        if (value.graph() == this && !defined) {
            value.setHome(null);
            listedInfos.remove(value);
        }
    }

    private void claim(Node node) {
        if (node.graph() != null) {
            throw new IllegalArgumentException(node + " is already in graph " + node.graph());
        }
        node.setGraph(this);
    }

    private void requireMember(Node node) {
        if (node.graph() != this) {
            throw new IllegalArgumentException(
                    node + " is not in graph " + this + ", but in " + node.graph());
        }
    }

    @Override
    public String toString() {
        return '"' + name + '"';
    }
}
