package dev.fewbit.tuning;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A network as far as some of its layers, of which it delivers what they read or make. */
public final class NetworkPrefix {
    private final PreparedModel prepared;

    /** Of a prepared model. */
    public NetworkPrefix(PreparedModel prepared) {
        this.prepared = prepared;
    }

    /** What of a layer is delivered. */
    enum End {
        /** What it reads, after rounding. */
        INPUT,
        /** What it makes, before that is rounded or limited. */
        OUTPUT
    }

    /**
     * Writes the quantized network; the next call replaces the file.
     *
     * @param plan what is done to the network; its corrections do not matter here
     * @param corrections corrections of the prepared model
     * @param layers the layers, none of which depends on another
     * @param end what to deliver of them
     * @param names is filled with the name of the output that belongs to each layer
     */
    Path quantized(
            Plan plan,
            List<Correction> corrections,
            List<CorrectableLayer> layers,
            End end,
            Map<CorrectableLayer, String> names)
            throws IOException {
        Probe probe =
                model -> {
                    Map<CorrectableLayer, LinearLayer> found = find(model, layers);
                    return () -> {
                        List<Value> values = new ArrayList<>();
                        found.forEach(
                                (layer, linear) -> {
                                    Value value =
                                            end == End.INPUT ? linear.input() : linear.output();
                                    values.add(value);
                                    names.put(layer, value.name());
                                });
                        return values;
                    };
                };
        List<String> delivered = new ArrayList<>();
        return quantized(plan, corrections, RoundedWeights.NONE, probe, delivered);
    }

    /** Says which values of a network are wanted. */
    @FunctionalInterface
    public interface Probe {
        /**
         * Looks for nodes before anything is quantized. A name may move behind a rounding then, but
         * the nodes stay.
         *
         * @return gives the values, called when the network is quantized
         */
        Supplier<List<Value>> find(Model model);
    }

    /**
     * Writes the quantized network; the next call replaces the file.
     *
     * @param plan what is done to the network; its corrections do not matter here
     * @param corrections corrections of the prepared model
     * @param rounded weights that are rounded already
     * @param probe what to deliver
     * @param names is filled with the names of what is delivered, in the probe's order
     */
    public Path quantized(
            Plan plan,
            List<Correction> corrections,
            RoundedWeights rounded,
            Probe probe,
            List<String> names)
            throws IOException {
        Model model = prepared.read();
        GraphCorrector.apply(model, corrections);
        Supplier<List<Value>> wanted = probe.find(model);
        new ModelEncoder(model, Measuring.NOTHING, rounded).encode(plan);
        List<Value> values = wanted.get();
        values.forEach(value -> names.add(value.name()));
        return write(model, new LinkedHashSet<>(values), "prefix.onnx");
    }

    /**
     * Writes the float network; the next call replaces the file.
     *
     * @param corrections corrections of the prepared model
     * @param wanted names of the values that it delivers
     */
    public Path floats(List<Correction> corrections, Set<String> wanted) throws IOException {
        Model model = prepared.read();
        GraphCorrector.apply(model, corrections);
        Set<Value> values = new LinkedHashSet<>();
        for (Node node : model.graph().nodes()) {
            for (Value output : node.outputs()) {
                if (output != null && wanted.contains(output.name())) {
                    values.add(output);
                }
            }
        }
        return write(model, values, "reference.onnx");
    }

    private Path write(Model model, Set<Value> outputs, String name) throws IOException {
        Graph graph = model.graph();
        while (!graph.outputs().isEmpty()) {
            graph.removeOutput(graph.outputs().size() - 1);
        }
        for (Value output : outputs) {
            if (output.elementType() == null) {
                output.setType(ElementType.FLOAT, null);
            }
            graph.addOutput(output);
        }
        removeUnused(graph);
        return prepared.write(model, name);
    }

    private static Map<CorrectableLayer, LinearLayer> find(
            Model model, List<CorrectableLayer> layers) {
        Map<String, CorrectableLayer> byLabel = new HashMap<>();
        layers.forEach(layer -> byLabel.put(layer.label(), layer));
        Constants constants = new Constants(model);
        Map<CorrectableLayer, LinearLayer> found = new LinkedHashMap<>();
        for (Node node : model.graph().nodes()) {
            CorrectableLayer layer = byLabel.get(Labels.of(node));
            if (layer != null) {
                LinearLayer.of(node, constants).ifPresent(linear -> found.put(layer, linear));
            }
        }
        return found;
    }

    /**
     * Removes what no layer needs. What is filled together with something that is needed stays: a
     * weight that several nodes share fills the biases of all.
     */
    private static void removeUnused(Graph graph) {
        Map<Value, Tensor> before = new LinkedHashMap<>(graph.initializers());
        graph.removeUnused();
        Set<TensorFiller> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor tensor : graph.initializers().values()) {
            if (tensor.data() instanceof Pending pending) {
                needed.add(pending.filler());
            }
        }
        before.forEach(
                (value, tensor) -> {
                    if (tensor.data() instanceof Pending pending
                            && needed.contains(pending.filler())
                            && graph.initializer(value) == null) {
                        graph.addInitializer(value.name(), tensor);
                    }
                });
    }
}
