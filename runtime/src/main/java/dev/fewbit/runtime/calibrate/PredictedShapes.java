package dev.fewbit.runtime.calibrate;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.shape.ValueShapes;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ShapePrediction;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shapes of all values of a model that follow from those of a sample's arrays. */
final class PredictedShapes implements ShapePrediction {

    /** Input shapes whose values' shapes are remembered; with more, all are forgotten. */
    private static final int MOST = 64;

    private final Model model;
    private final Map<Map<String, List<Long>>, Map<String, long[]>> known = new HashMap<>();

    /** For a model, which is not changed. */
    PredictedShapes(Model model) {
        this.model = model;
    }

    @Override
    public synchronized Map<String, long[]> shapes(Sample sample) {
        Map<String, List<Long>> inputs = new TreeMap<>();
        for (Map.Entry<String, NumberArray> input : sample.inputs().entrySet()) {
            inputs.put(input.getKey(), Arrays.stream(input.getValue().shape()).boxed().toList());
        }
        Map<String, long[]> found = known.get(inputs);
        if (found == null) {
            found = find(sample);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(inputs, found);
        }
        return found;
    }

    private Map<String, long[]> find(Sample sample) {
        // Shapes are found in the order of the nodes.
        if (!model.graph().isSorted()) {
            return Map.of();
        }
        Map<String, long[]> inputs = new HashMap<>();
        sample.inputs().forEach((name, array) -> inputs.put(name, array.shape()));
        ValueShapes shapes = ValueShapes.of(model, inputs);
        Map<String, long[]> found = new HashMap<>();
        for (Node node : model.graph().nodes()) {
            for (Value output : node.outputs()) {
                long[] sizes = shapes.sizes(output);
                if (output != null && sizes != null) {
                    found.put(output.name(), sizes);
                }
            }
        }
        return found;
    }
}
