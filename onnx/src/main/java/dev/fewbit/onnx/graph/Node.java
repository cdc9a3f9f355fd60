package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * An operation: named operator, inputs, outputs, attributes. A new node is not part of a graph
 * until it is added to one ({@link Graph#add}, {@link Graph#insertBefore}, ...), but counts as a
 * consumer of its inputs from the start.
 */
public final class Node {
    private String domain;
    private String opType;
    private String name;
    private String overload = "";
    private final List<@Nullable Value> inputs = new ArrayList<>(4);
    private final List<@Nullable Value> outputs = new ArrayList<>(1);
    private final AttributeTable attributes = new AttributeTable();
    private Remainder remainder = Remainder.NONE;
    private @Nullable Graph graph;
    @Nullable Node previous;
    @Nullable Node next;

    /**
     * @param domain operator domain; the default domain may be written "" or "ai.onnx"
     * @param opType operator, for example MatMul
     * @param name for people; may be empty
     */
    public Node(String domain, String opType, String name) {
        this.domain = Model.normalDomain(domain);
        this.opType = requireOpType(opType);
        this.name = Objects.requireNonNull(name, "name");
    }

    /** A node of the default domain with these inputs (null for an omitted one). */
    public Node(String opType, String name, @Nullable Value... inputs) {
        this("", opType, name);
        Arrays.asList(inputs).forEach(this::addInput);
    }

    /** Operator domain; the default domain is "". */
    public String domain() {
        return domain;
    }

    /** Operator, for example MatMul. */
    public String opType() {
        return opType;
    }

    /** True for an operator of the default domain with this name. */
    public boolean is(String standardOpType) {
        return domain.isEmpty() && opType.equals(standardOpType);
    }

    /** Makes this node another operation on the same inputs and outputs. */
    public void setOperator(String domain, String opType) {
        this.domain = Model.normalDomain(domain);
        this.opType = requireOpType(opType);
    }

    /** The node's name, for people; may be empty and need not be unique. */
    public String name() {
        return name;
    }

    /** Renames the node. */
    public void setName(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** Tells functions of one name apart; mostly empty. */
    public String overload() {
        return overload;
    }

    /** Sets which of several functions of one name is called. */
    public void setOverload(String overload) {
        this.overload = Objects.requireNonNull(overload, "overload");
    }

    /** Doc string, metadata and unknown fields, written back as they were read. */
    public Remainder remainder() {
        return remainder;
    }

    /** For readers, and for copying a node with all it carries. */
    public void setRemainder(Remainder remainder) {
        this.remainder = Objects.requireNonNull(remainder, "remainder");
    }

    /** The graph this node is in; null before it is added and after it is removed. */
    public @Nullable Graph graph() {
        return graph;
    }

    /** All inputs in order, null where an optional one is omitted; a view. */
    public List<@Nullable Value> inputs() {
        return Collections.unmodifiableList(inputs);
    }

    /** The input at this index; null when it is omitted, also at the end. */
    public @Nullable Value input(int index) {
        return index < inputs.size() ? inputs.get(index) : null;
    }

    /** Adds an input at the end; null for an omitted one. */
    public void addInput(@Nullable Value value) {
        inputs.add(value);
        if (value != null) {
            value.addUse(this);
        }
    }

    /** Replaces the input at this index, adding omitted ones in between when there are fewer. */
    public void setInput(int index, @Nullable Value value) {
        while (inputs.size() <= index) {
            inputs.add(null);
        }
        Value old = inputs.set(index, value);
        if (value != null) {
            value.addUse(this);
        }
        if (old != null) {
            old.removeUse(this);
        }
    }

    /** Removes the inputs from this index on. */
    public void removeInputsFrom(int index) {
        while (inputs.size() > index) {
            Value old = inputs.removeLast();
            if (old != null) {
                old.removeUse(this);
            }
        }
    }

    /** All outputs in order, null where an optional one is omitted; a view. */
    public List<@Nullable Value> outputs() {
        return Collections.unmodifiableList(outputs);
    }

    /** The output at this index; null when it is omitted, also at the end. */
    public @Nullable Value output(int index) {
        return index < outputs.size() ? outputs.get(index) : null;
    }

    /**
     * The only output.
     *
     * @throws IllegalStateException when there is none or are several
     */
    public Value onlyOutput() {
        Value only = output(0);
        if (only == null || outputs.size() > 1) {
            throw new IllegalStateException(
                    "Expected exactly one output, got " + outputs + " at " + this);
        }
        return only;
    }

    /**
     * Adds an output at the end; null for an omitted one.
     *
     * @throws IllegalArgumentException when something else already makes the value
     */
    public void addOutput(@Nullable Value value) {
        setOutput(outputs.size(), value);
    }

    /** Adds an output at the end: a new value of this name. */
    public Value addOutput(String newName) {
        Value value = new Value(newName);
        addOutput(value);
        return value;
    }

    /**
     * Replaces the output at this index; the value that was there is no longer made by anything.
     */
    public void setOutput(int index, @Nullable Value value) {
        if (value != null && (value.graph() != null || value.producer() != null)) {
            throw new IllegalArgumentException(
                    "Already defined in graph "
                            + value.graph()
                            + ", by "
                            + value.producer()
                            + ": value "
                            + value
                            + ", which was to become an output of "
                            + this);
        }
        while (outputs.size() <= index) {
            outputs.add(null);
        }
        Value old = outputs.set(index, value);
        if (old != null) {
            old.setProducer(null);
        }
        if (value != null) {
            value.setProducer(this);
        }
    }

    /**
     * Takes an output away from this node, so that another can make it; its users and its name
     * stay.
     */
    public Value releaseOutput(int index) {
        Value value = output(index);
        if (value == null) {
            throw new IllegalArgumentException("There is no output " + index + " at " + this);
        }
        setOutput(index, null);
        return value;
    }

    /** The attributes in order; a view. */
    public Collection<Attribute> attributes() {
        return attributes.all();
    }

    /**
     * The attribute of this name; null when it is absent. {@link Attributes} reads typed values
     * with defaults.
     */
    public @Nullable Attribute attribute(String attributeName) {
        return attributes.get(attributeName);
    }

    /** Adds an attribute or replaces the one of the same name. */
    public void setAttribute(Attribute attribute) {
        attributes.set(attribute, this);
    }

    /** Adds an attribute or replaces the one of the same name. */
    public void setAttribute(String attributeName, AttributeValue value) {
        setAttribute(new Attribute(attributeName, value));
    }

    /** Adds or replaces an integer attribute. */
    public void setAttribute(String attributeName, long value) {
        setAttribute(attributeName, new AttributeValue.IntValue(value));
    }

    /** Adds or replaces a number attribute. */
    public void setAttribute(String attributeName, float value) {
        setAttribute(attributeName, new AttributeValue.FloatValue(value));
    }

    /** Adds or replaces an integer list attribute. */
    public void setAttribute(String attributeName, long[] values) {
        setAttribute(attributeName, new AttributeValue.IntsValue(values));
    }

    /** Adds or replaces a number list attribute. */
    public void setAttribute(String attributeName, float[] values) {
        setAttribute(attributeName, new AttributeValue.FloatsValue(values));
    }

    /** Adds or replaces a string attribute. */
    public void setAttribute(String attributeName, String text) {
        setAttribute(attributeName, new AttributeValue.StringValue(text));
    }

    /** Adds or replaces a tensor attribute. */
    public void setAttribute(String attributeName, Tensor tensor) {
        setAttribute(attributeName, new AttributeValue.TensorValue(tensor));
    }

    /** Removes the attribute of this name, if it is there. */
    public void removeAttribute(String attributeName) {
        attributes.remove(attributeName, this);
    }

    /** Integer attribute, or the default when it is absent; see {@link Attributes}. */
    public long intAttribute(String attributeName, long absent) {
        return Attributes.intValue(this, attributeName, absent);
    }

    /** Integer list attribute, or null when it is absent; see {@link Attributes}. */
    public long @Nullable [] intsAttribute(String attributeName) {
        return Attributes.intsValue(this, attributeName);
    }

    /** Number attribute, or the default when it is absent; see {@link Attributes}. */
    public float floatAttribute(String attributeName, float absent) {
        return Attributes.floatValue(this, attributeName, absent);
    }

    /** Number list attribute, or null when it is absent; see {@link Attributes}. */
    public float @Nullable [] floatsAttribute(String attributeName) {
        return Attributes.floatsValue(this, attributeName);
    }

    /** String attribute, or the default when it is absent; see {@link Attributes}. */
    public String stringAttribute(String attributeName, String absent) {
        return Attributes.stringValue(this, attributeName, absent);
    }

    /** Tensor attribute, or null when it is absent; see {@link Attributes}. */
    public @Nullable Tensor tensorAttribute(String attributeName) {
        return Attributes.tensorValue(this, attributeName);
    }

    /** The subgraphs in this node's attributes; mostly none. */
    public List<Graph> subgraphs() {
        return attributes.graphs();
    }

    void setGraph(@Nullable Graph graph) {
        this.graph = graph;
    }

    /** Lets go of all inputs and outputs and of what subgraphs use from outside. */
    void dismantle() {
        removeInputsFrom(0);
        for (int index = 0; index < outputs.size(); index++) {
            setOutput(index, null);
        }
        attributes.releaseUses(this);
    }

    private static String requireOpType(String opType) {
        if (opType.isEmpty()) {
            throw new IllegalArgumentException("A node needs an operator");
        }
        return opType;
    }

    /** Operator and name, as used in messages: {@code MatMul "/encoder/layer.0/MatMul"}. */
    @Override
    public String toString() {
        String operator = domain.isEmpty() ? opType : domain + "." + opType;
        Value first = output(0);
        if (!name.isEmpty() || first == null) {
            return operator + " \"" + name + '"';
        }
        return operator + " (output " + first + ")";
    }
}
