package dev.fewbit.tuning;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Between which limits the readers of a value tell its sizes apart: a hard-swish gives 0 for all
 * that is below -3, a sigmoid next to the same for all that is beyond 8.
 *
 * <p>Recognized are Sigmoid, HardSigmoid, Add and Clip (a hard sigmoid in parts), HardSwish, Gelu,
 * and these times the value itself: {@code x * Sigmoid(x)}, {@code x * Clip(x + 3, 0, 6) / 6},
 * {@code x * (Erf(x / 1.41) + 1)}.
 */
final class SaturatingReaders {
    /** Beyond this a sigmoid is within 0.0004 of its limit, and x times it within 0.003. */
    private static final double SIGMOID = 8;

    /** Below this x times the normal distribution function is within 1e-8 of 0. */
    private static final double GELU = 6;

    /** Nodes between a value and its product with what is made of it. */
    private static final int MOST_STEPS = 5;

    private static final Set<String> PARTS_OF_GATES =
            Set.of("Add", "Clip", "Div", "Mul", "Erf", "Sigmoid", "HardSigmoid");

    private final Constants constants;

    private SaturatingReaders(Constants constants) {
        this.constants = constants;
    }

    /**
     * Limits.
     *
     * @param low negative, or negative infinity where none is known
     * @param high positive, or infinity
     */
    record Limits(double low, double high) {
        private static final Limits NONE =
                new Limits(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        /** Whether the readers are those of an activation function. */
        boolean isActivation() {
            return low > Double.NEGATIVE_INFINITY;
        }

        private Limits union(Limits other) {
            return new Limits(Math.min(low, other.low), Math.max(high, other.high));
        }
    }

    /** The limits of a value. */
    static Limits of(Value value, Constants constants) {
        return new SaturatingReaders(constants).limits(value);
    }

    private Limits limits(Value value) {
        List<Node> products = new ArrayList<>();
        Limits limits = null;
        for (Node reader : value.consumers()) {
            Optional<Limits> gate = gate(value, reader);
            if (gate.isPresent()) {
                limits = limits == null ? gate.get() : limits.union(gate.get());
            } else {
                products.add(reader);
            }
        }
        if (limits == null || value.isGraphOutput()) {
            return Limits.NONE;
        }
        for (Node product : products) {
            if (!isGated(value, product)) {
                return Limits.NONE;
            }
        }
        // Above, a product grows with the value; below, it goes to zero with the gate.
        return products.isEmpty() ? limits : new Limits(limits.low, Double.POSITIVE_INFINITY);
    }

    private Optional<Limits> gate(Value value, Node reader) {
        if (!reader.domain().isEmpty()) {
            return Optional.empty();
        }
        return switch (reader.opType()) {
            case "Sigmoid" -> Optional.of(new Limits(-SIGMOID, SIGMOID));
            case "HardSigmoid" -> {
                double slope = reader.floatAttribute("alpha", 0.2f);
                double middle = reader.floatAttribute("beta", 0.5f);
                yield around(-middle / slope, (1 - middle) / slope);
            }
            case "HardSwish" -> Optional.of(new Limits(-3, Double.POSITIVE_INFINITY));
            case "Gelu" -> Optional.of(new Limits(-GELU, Double.POSITIVE_INFINITY));
            case "Add" -> clipped(value, reader);
            case "Div", "Mul" -> scaledGate(value, reader);
            default -> Optional.empty();
        };
    }

    /** {@code Erf(x / 1.41)} and {@code Sigmoid(c x)}. */
    private Optional<Limits> scaledGate(Value value, Node scaling) {
        OptionalDouble scalar = scalar(other(scaling, value));
        if (scalar.isEmpty() || !(scalar.getAsDouble() > 0)) {
            return Optional.empty();
        }
        if (isReadBy(scaling, "Erf")) {
            return Optional.of(new Limits(-GELU, GELU));
        }
        double limit =
                scaling.is("Mul") ? SIGMOID / scalar.getAsDouble() : SIGMOID * scalar.getAsDouble();
        return isReadBy(scaling, "Sigmoid")
                ? Optional.of(new Limits(-limit, limit))
                : Optional.empty();
    }

    /** {@code Clip(x + c, 0, b)}. */
    private Optional<Limits> clipped(Value value, Node add) {
        OptionalDouble shift = scalar(other(add, value));
        if (shift.isEmpty() || !isReadBy(add, "Clip")) {
            return Optional.empty();
        }
        Node clip = add.onlyOutput().consumers().getFirst();
        return IntegerOperators.of(clip, constants) instanceof IntegerSupport.Limits found
                        && found.low() == 0
                ? around(-shift.getAsDouble(), found.high() - shift.getAsDouble())
                : Optional.empty();
    }

    private static Optional<Limits> around(double low, double high) {
        return low < 0 && high > 0 ? Optional.of(new Limits(low, high)) : Optional.empty();
    }

    private static boolean isReadBy(Node node, String operator) {
        Value output = node.output(0);
        return output != null
                && !output.isGraphOutput()
                && output.consumers().size() == 1
                && output.consumers().getFirst().is(operator);
    }

    /** Whether a node multiplies the value by something that a gate made of it. */
    private boolean isGated(Value value, Node product) {
        if (!product.is("Mul")) {
            return false;
        }
        Value gate = other(product, value);
        Set<Value> made = new HashSet<>(Set.of(value));
        Set<Value> last = made;
        for (int step = 0; step < MOST_STEPS && !last.isEmpty(); step++) {
            Set<Value> next = new HashSet<>();
            for (Value each : last) {
                for (Node reader : each.consumers()) {
                    Value output = reader.output(0);
                    boolean part = PARTS_OF_GATES.contains(reader.opType()) && reader != product;
                    if (output != null && part) {
                        next.add(output);
                    }
                }
            }
            if (next.contains(gate)) {
                return true;
            }
            last = next;
        }
        return false;
    }

    private static Value other(Node node, Value value) {
        Value first = node.input(0);
        Value second = node.input(1);
        Value other = first == value ? second : first;
        return other == null ? value : other;
    }

    private OptionalDouble scalar(Value value) {
        Tensor tensor = constants.resolve(value).orElse(null);
        if (tensor == null
                || tensor.elementCount() != 1
                || tensor.elementType() != ElementType.FLOAT) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(tensor.floats()[0]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
