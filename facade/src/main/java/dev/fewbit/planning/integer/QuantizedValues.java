package dev.fewbit.planning.integer;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.planning.integer.IntegerNode.Part;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values that integer nodes read and make as codes, each with the value whose statistics decide
 * its levels: itself, or, where nodes only moved data, the value that the data came from.
 */
final class QuantizedValues {
    private final IntegerRegions regions;
    private final Map<Value, Value> sources = new LinkedHashMap<>();

    private QuantizedValues(IntegerRegions regions) {
        this.regions = regions;
    }

    /** The values around the integer nodes; the nodes must be in order. */
    static Map<Value, Value> of(IntegerRegions regions) {
        QuantizedValues values = new QuantizedValues(regions);
        regions.integers().forEach(values::add);
        return values.sources;
    }

    private void add(IntegerNode integer) {
        switch (integer.part()) {
            case SEED, JOIN -> {
                integer.activations().forEach(this::own);
                for (Value output : integer.node().outputs()) {
                    if (output != null && needsCodes(integer, output)) {
                        own(output);
                    }
                }
            }
            case FUSED -> own(integer.node().onlyOutput());
            case MOVE -> {
                Value input = integer.activations().getFirst();
                own(input);
                Value source = Objects.requireNonNull(sources.get(input), "just added");
                for (Value output : integer.node().outputs()) {
                    if (output != null) {
                        sources.putIfAbsent(output, source);
                    }
                }
            }
        }
    }

    private void own(Value value) {
        sources.putIfAbsent(value, value);
    }

    /**
     * What a Relu takes along is never made; what may be float is made in codes only if they are
     * read.
     */
    private boolean needsCodes(IntegerNode integer, Value output) {
        List<Node> readers = output.consumers();
        if (readers.size() == 1 && regions.part(readers.getFirst()) == Part.FUSED) {
            return false;
        }
        return !integer.floatOutput() || readers.stream().anyMatch(regions::isInteger);
    }
}
