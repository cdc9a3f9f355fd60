package dev.fewbit.tuning;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Runs a layer alone, with other weights in place of its own, on what it reads. */
final class WeightTrials {
    private static final String INPUT = "input";

    private final PreparedModel prepared;
    private final CorrectableLayer layer;
    private final List<Sample> inputs = new ArrayList<>();
    private final int rank;

    /**
     * @param prepared the model that the layer is part of
     * @param inputs what the layer reads for each sample
     */
    WeightTrials(PreparedModel prepared, CorrectableLayer layer, List<NumberArray> inputs) {
        this.prepared = prepared;
        this.layer = layer;
        this.rank = inputs.getFirst().rank();
        for (NumberArray each : inputs) {
            this.inputs.add(new Sample(this.inputs.size(), Map.of(INPUT, each), Optional.empty()));
        }
    }

    /**
     * What the layer makes of its inputs, without its bias.
     *
     * @param weights candidates for its weights
     * @param shape their dimensions
     * @param samples how many of the samples to run
     * @param mostPlaces places of each sample at most
     * @return one for each candidate
     */
    List<SampledValues> run(
            List<float[]> weights, long[] shape, int samples, int mostPlaces, SampleRuns runs)
            throws IOException, InterruptedException {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        Path file = write(weights, shape, wanted);
        Map<String, SampledValues> values =
                runs.sampled(file, wanted, inputs.subList(0, samples), mostPlaces);
        return wanted.keySet().stream()
                .map(name -> Objects.requireNonNull(values.get(name)))
                .toList();
    }

    private Path write(List<float[]> weights, long[] shape, Map<String, Integer> wanted)
            throws IOException {
        LinearLayer linear = layer.layer();
        Model whole = prepared.read();
        Graph graph = new Graph("trials");
        Value input = new Value(INPUT);
        List<Dimension> dimensions = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            dimensions.add(new Dimension.Symbolic("d" + axis));
        }
        input.setType(ElementType.FLOAT, new Shape(dimensions));
        graph.addInput(input);
        for (int i = 0; i < weights.size(); i++) {
            Value weight =
                    graph.addInitializer("weight" + i, Tensor.ofFloats(shape, weights.get(i)));
            Node node = new Node(linear.node().opType(), "trial" + i, input, weight);
            linear.node().attributes().forEach(node::setAttribute);
            Value output = node.addOutput("output" + i);
            graph.add(node);
            output.setType(ElementType.FLOAT, null);
            graph.addOutput(output);
            wanted.put(output.name(), layer.outputAxis());
        }
        Model model = new Model(whole.irVersion(), graph);
        whole.opsets().forEach(model::setOpset);
        return prepared.write(model, "trials.onnx");
    }
}
