package dev.fewbit.runtime.calibrate;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A wanted value that is another wanted one behind a Relu or a Clip. Its distribution follows from
 * the other's.
 *
 * @param value the value, of which no channels are wanted
 * @param source the value before the operator
 * @param low lower limit
 * @param high upper limit
 */
record ClampedValue(ValueCollector value, ValueCollector source, float low, float high) {

    /**
     * Finds them, in an order in which each comes after its source.
     *
     * @throws IOException if the limits cannot be read
     */
    static List<ClampedValue> find(Model model, List<ValueCollector> values) throws IOException {
        Map<String, ValueCollector> byName = new HashMap<>();
        values.forEach(value -> byName.put(value.name(), value));
        Constants constants = new Constants(model);
        List<ClampedValue> found = new ArrayList<>();
        Map<String, ClampedValue> waiting = new HashMap<>();
        for (Node node : model.graph().nodes()) {
            Value input = node.input(0);
            Value output = node.output(0);
            if (input == null || output == null) {
                continue;
            }
            ValueCollector source = byName.get(input.name());
            ValueCollector value = byName.get(output.name());
            if (source != null && value != null && value.isWhole()) {
                limits(node, constants)
                        .ifPresent(
                                limits ->
                                        waiting.put(
                                                value.name(),
                                                new ClampedValue(
                                                        value, source, limits[0], limits[1])));
            }
        }
        // The nodes of a file need not be sorted.
        while (!waiting.isEmpty()) {
            List<ClampedValue> next =
                    waiting.values().stream()
                            .filter(each -> !waiting.containsKey(each.source().name()))
                            .toList();
            found.addAll(next);
            next.forEach(each -> waiting.remove(each.value().name()));
            if (next.isEmpty()) {
                break;
            }
        }
        return found;
    }

    /**
     * Fills in the statistics of values whose sources are known.
     *
     * @return the values for which that is not possible, since a source has elements that are NaN
     *     or infinite
     */
    static List<ValueCollector> fill(List<ClampedValue> clamped) {
        List<ValueCollector> unknown = new ArrayList<>();
        Set<ValueCollector> missing = new HashSet<>();
        for (ClampedValue each : clamped) {
            if (missing.contains(each.source()) || each.source().statistics().notFinite() > 0) {
                unknown.add(each.value());
                missing.add(each.value());
            } else {
                each.value().set(each.source().statistics().clamped(each.low(), each.high()));
            }
        }
        return unknown;
    }

    private static Optional<float[]> limits(Node node, Constants constants) throws IOException {
        if (node.is("Relu")) {
            return Optional.of(new float[] {0, Float.POSITIVE_INFINITY});
        }
        if (!node.is("Clip")) {
            return Optional.empty();
        }
        Optional<Float> low = limit(node, 1, "min", Float.NEGATIVE_INFINITY, constants);
        Optional<Float> high = limit(node, 2, "max", Float.POSITIVE_INFINITY, constants);
        if (low.isEmpty() || high.isEmpty() || !(low.get() <= high.get())) {
            return Optional.empty();
        }
        return Optional.of(new float[] {low.get(), high.get()});
    }

    /** A limit, an attribute before opset 11; empty when it is not constant. */
    private static Optional<Float> limit(
            Node node, int index, String attribute, float absent, Constants constants)
            throws IOException {
        Value input = node.input(index);
        if (input == null) {
            return Optional.of(node.floatAttribute(attribute, absent));
        }
        Optional<Tensor> tensor = constants.resolve(input);
        if (tensor.isEmpty() || tensor.get().elementCount() != 1) {
            return Optional.empty();
        }
        return Optional.of(tensor.get().floats()[0]);
    }
}
