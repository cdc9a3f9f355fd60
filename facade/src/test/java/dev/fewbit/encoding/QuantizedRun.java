package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.runtime.data.NumberArray;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds a quantized network against the definition, node by node: each value that the quantized
 * network computed is compared with what the float operators make of the values that the quantized
 * network fed them with.
 *
 * @param actual values of the quantized network
 * @param expected the same, one float operator (or a few, between which nothing is rounded) on
 *     numbers rounded by the definition
 * @param inIntegers names of those that integer nodes make and the plan rounds to levels
 */
record QuantizedRun(
        Map<String, float[]> actual, Map<String, float[]> expected, Set<String> inIntegers) {

    /**
     * Runs both.
     *
     * @param original a fresh copy of the float network, which is changed
     * @param small the quantized network
     */
    static QuantizedRun of(Net original, Plan plan, Path small, Path folder) throws IOException {
        Graph graph = original.model().graph();
        Map<String, ActivationPlan> activations = activations(plan);
        Set<String> integers =
                plan.graph().operators().stream()
                        .filter(operator -> operator.arithmetic() == Arithmetic.INTEGER)
                        .map(OperatorPlan::node)
                        .collect(Collectors.toSet());
        roundConstants(original.model(), plan);

        Map<String, NumberArray> actual = everyValue(original, small, folder);
        Map<String, NumberArray> inputs = new LinkedHashMap<>(original.inputs());
        Set<String> made =
                activations.keySet().stream()
                        .filter(name -> isMade(graph, name, integers))
                        .collect(Collectors.toSet());
        for (Value value : values(graph)) {
            ActivationPlan levels = activations.get(value.name());
            if (levels == null || value.initializer() != null) {
                continue;
            }
            boolean rounded = made.contains(value.name());
            NumberArray array = actual.getOrDefault(value.name(), inputs.get(value.name()));
            if (array == null) {
                // Only its codes are left, because all its readers work on codes.
                made.remove(value.name());
                continue;
            }
            float[] floats = Runs.floats(array);
            Value fed = new Value(value.name() + "/fed");
            fed.setType(ElementType.FLOAT, Shape.of(array.shape()));
            graph.addInput(fed);
            inputs.put(
                    fed.name(),
                    NumberArray.ofFloats(
                            rounded ? floats : rounded(floats, levels), array.shape()));
            for (Node reader : value.consumers()) {
                if (rounded || integers.contains(Labels.of(reader))) {
                    for (int i = 0; i < reader.inputs().size(); i++) {
                        if (reader.input(i) == value) {
                            reader.setInput(i, fed);
                        }
                    }
                }
            }
        }
        for (String name : actual.keySet()) {
            deliver(graph, name);
        }
        Path reference = folder.resolve("reference.onnx");
        OnnxWriter.write(original.model(), reference, WriteOptions.defaults());
        Map<String, float[]> values = new HashMap<>();
        actual.forEach((name, array) -> values.put(name, Runs.floats(array)));
        return new QuantizedRun(values, Runs.literally(reference, inputs), made);
    }

    static Map<String, ActivationPlan> activations(Plan plan) {
        Map<String, ActivationPlan> activations = new HashMap<>();
        plan.graph().activations().forEach(each -> activations.put(each.value(), each));
        return activations;
    }

    static float[] rounded(float[] values, ActivationPlan plan) {
        AffineMapping mapping = new AffineMapping(plan.format(), plan.parameters());
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = mapping.dequantize(mapping.quantize(values[i]));
        }
        return rounded;
    }

    /** The values that the quantized network has under the names of the float one. */
    private static Map<String, NumberArray> everyValue(Net original, Path small, Path folder)
            throws IOException {
        Model model = OnnxReader.read(small);
        Set<String> names =
                original.model().graph().nodes().stream()
                        .flatMap(node -> node.outputs().stream())
                        .map(Value::name)
                        .collect(Collectors.toSet());
        for (Node node : model.graph().nodes()) {
            for (Value output : node.outputs()) {
                if (names.contains(output.name()) && !output.isGraphOutput()) {
                    output.setType(ElementType.FLOAT, null);
                    model.graph().addOutput(output);
                }
            }
        }
        Path all = folder.resolve("all.onnx");
        OnnxWriter.write(model, all, WriteOptions.defaults());
        return Runs.arrays(all, original.inputs());
    }

    private static void roundConstants(Model model, Plan plan) throws IOException {
        Map<String, WeightPlan> weights = new HashMap<>();
        plan.weights().forEach(weight -> weights.put(weight.tensor(), weight));
        Map<String, ActivationPlan> activations = activations(plan);
        for (WeightSite site : WeightSites.find(model)) {
            WeightPlan weight = weights.get(site.name());
            ActivationPlan constant = activations.get(site.name());
            float[] floats = site.tensor().floats();
            if (weight != null) {
                floats = DequantizedReference.round(floats, site, weight);
            } else if (constant != null) {
                floats = rounded(floats, constant);
            }
            site.graph()
                    .setInitializer(site.value(), Tensor.ofFloats(site.tensor().shape(), floats));
        }
    }

    private static boolean isMade(Graph graph, String name, Set<String> integers) {
        return graph.nodes().stream()
                .filter(node -> integers.contains(Labels.of(node)))
                .flatMap(node -> node.outputs().stream())
                .anyMatch(output -> output.name().equals(name));
    }

    private static List<Value> values(Graph graph) {
        List<Value> values = new ArrayList<>(graph.inputs());
        graph.nodes().forEach(node -> values.addAll(node.outputs()));
        return values;
    }

    private static void deliver(Graph graph, String name) {
        for (Value value : values(graph)) {
            if (value.name().equals(name) && !value.isGraphOutput()) {
                value.setType(ElementType.FLOAT, null);
                graph.addOutput(value);
            }
        }
    }
}
