package dev.fewbit.onnx.constant;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Tells which values of a model are constant and what they hold: initializers, Constant nodes, and
 * either behind a chain of Identity nodes. From IR version 4 on an initializer that is also a graph
 * input is only a default that the caller may override, so it is not constant; before, every
 * initializer had to be listed as input.
 */
public final class Constants {
    private static final long OVERRIDABLE_SINCE_IR = 4;

    private final Model model;

    /** Looks at this model as it is at the time of each call. */
    public Constants(Model model) {
        this.model = model;
    }

    /**
     * The constant that a value always holds; empty when it depends on inputs or is of a kind that
     * is not read here.
     */
    public Optional<Tensor> resolve(Value value) {
        Value source = origin(value);
        Tensor initializer = source.initializer();
        if (initializer != null) {
            boolean overridable =
                    model.irVersion() >= OVERRIDABLE_SINCE_IR && source.isGraphInput();
            return overridable ? Optional.empty() : Optional.of(initializer);
        }
        Node producer = source.producer();
        return producer != null && producer.is("Constant") ? constant(producer) : Optional.empty();
    }

    /** The same, if it is of 32-bit floats that can be read. */
    public Optional<Tensor> floats(@Nullable Value value) {
        return value == null
                ? Optional.empty()
                : resolve(value)
                        .filter(tensor -> tensor.elementType() == ElementType.FLOAT)
                        .filter(tensor -> !(tensor.data() instanceof Pending));
    }

    /** The number that a value always holds; empty unless it is one of a floating-point type. */
    public Optional<Float> scalar(Value value) {
        return resolve(value)
                .filter(tensor -> tensor.elementCount() == 1)
                .filter(tensor -> tensor.elementType().isReadableAsFloats())
                .filter(tensor -> !(tensor.data() instanceof Pending))
                .map(Constants::first);
    }

    private static float first(Tensor tensor) {
        try {
            return tensor.floats()[0];
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The value at the start of a chain of Identity nodes that ends in this value: where a constant
     * that several values share is stored once.
     */
    public static Value origin(Value value) {
        Value source = value;
        Node producer = source.producer();
        while (producer != null && producer.is("Identity")) {
            Value input = producer.input(0);
            if (input == null || input == value) {
                break;
            }
            source = input;
            producer = source.producer();
        }
        return source;
    }

    private static Optional<Tensor> constant(Node node) {
        for (Attribute attribute : node.attributes()) {
            Tensor tensor = tensor(attribute.name(), attribute.value());
            if (tensor != null) {
                return Optional.of(tensor);
            }
        }
        return Optional.empty();
    }

    private static @Nullable Tensor tensor(String name, AttributeValue value) {
        return switch (value) {
            case AttributeValue.TensorValue tensor when name.equals("value") -> tensor.tensor();
            case AttributeValue.FloatValue number when name.equals("value_float") ->
                    Tensor.ofFloats(new long[0], number.value());
            case AttributeValue.FloatsValue numbers when name.equals("value_floats") ->
                    Tensor.ofFloats(new long[] {numbers.values().length}, numbers.values());
            case AttributeValue.IntValue number when name.equals("value_int") ->
                    Tensor.ofLongs(new long[0], number.value());
            case AttributeValue.IntsValue numbers when name.equals("value_ints") ->
                    Tensor.ofLongs(new long[] {numbers.values().length}, numbers.values());
            case AttributeValue.TensorValue _, AttributeValue.TensorsValue _ -> null;
            case AttributeValue.FloatValue _, AttributeValue.FloatsValue _ -> null;
            case AttributeValue.IntValue _, AttributeValue.IntsValue _ -> null;
            case AttributeValue.StringValue _, AttributeValue.StringsValue _ -> null;
            case AttributeValue.GraphValue _,
                    AttributeValue.GraphsValue _,
                    AttributeValue.Opaque _ ->
                    null;
        };
    }
}
