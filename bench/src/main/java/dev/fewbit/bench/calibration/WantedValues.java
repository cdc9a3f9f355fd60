package dev.fewbit.bench.calibration;

import dev.fewbit.Recipe;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.session.AppendedOutputs;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.OutputSpecification;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.tuning.StaticTuning;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Values to be measured.
 *
 * @param model the model whose values they are
 * @param values the values
 */
record WantedValues(Path model, List<Observation> values) {
    private static final String RECIPE = "recipe:";
    private static final String HISTOGRAMS = "histograms:";

    /** Copies the list. */
    WantedValues {
        values = List.copyOf(values);
    }

    /**
     * Understands what is asked for on the command line.
     *
     * @param wanted {@code recipe:} and a recipe for exactly what its tuning measures, in the model
     *     prepared as it prepares it; or operators with commas between, for the 32-bit float values
     *     that such nodes give and that depend on the model's inputs, and also what they read where
     *     a plus sign follows the operator
     * @param detail axis of the channels whose ranges and sums are measured too, {@code 1} or
     *     {@code -1} say, or with {@code histograms:} before it; a minus for none. Means nothing
     *     for recipes
     * @param prepared where a prepared model is written
     */
    static WantedValues parse(Path model, String wanted, String detail, Path prepared)
            throws IOException {
        if (wanted.startsWith(RECIPE)) {
            Recipe recipe = Recipe.parse(wanted.substring(RECIPE.length()));
            return new WantedValues(prepared, StaticTuning.observations(model, recipe, prepared));
        }
        boolean histograms = detail.startsWith(HISTOGRAMS);
        String axis = histograms ? detail.substring(HISTOGRAMS.length()) : detail;
        List<Observation> values = new ArrayList<>();
        for (String name : around(model, Set.of(wanted.split(",")))) {
            values.add(
                    axis.equals("-")
                            ? Observation.ofTensor(name)
                            : new Observation(
                                    name,
                                    histograms ? ChannelDetail.HISTOGRAMS : ChannelDetail.RANGES,
                                    Integer.parseInt(axis)));
        }
        return new WantedValues(model, values);
    }

    private static Set<String> around(Path model, Set<String> operators) throws IOException {
        Graph graph = OnnxReader.read(model).graph();
        return floats(model, names(graph, operators), graph);
    }

    private static Set<String> names(Graph graph, Set<String> operators) {
        Set<Value> live = new HashSet<>(graph.inputs());
        live.removeAll(graph.initializers().keySet());
        Set<String> names = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            List<Value> read = new ArrayList<>();
            for (Value input : node.inputs()) {
                if (input != null && live.contains(input)) {
                    read.add(input);
                }
            }
            if (read.isEmpty()) {
                continue;
            }
            live.addAll(node.outputs());
            if (operators.contains(node.opType() + "+")) {
                read.forEach(value -> names.add(value.name()));
            }
            if (operators.contains(node.opType()) || operators.contains(node.opType() + "+")) {
                names.add(node.outputs().getFirst().name());
            }
        }
        return names;
    }

    private static Set<String> floats(Path model, Set<String> names, Graph graph)
            throws IOException {
        Set<String> outside = new HashSet<>();
        graph.inputs().forEach(value -> outside.add(value.name()));
        graph.outputs().forEach(value -> outside.add(value.name()));
        List<String> inner = names.stream().filter(name -> !outside.contains(name)).toList();
        Set<String> floats = new LinkedHashSet<>();
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer bytes = AppendedOutputs.of(model, inner, arena);
            Path folder = model.toAbsolutePath().getParent();
            SessionSettings settings = SessionSettings.withThreads(1);
            if (folder != null) {
                settings = settings.externalDataIn(folder);
            }
            try (ModelSession session = ModelSession.open(model.toString(), bytes, settings)) {
                session.inputs().inputs().stream()
                        .filter(input -> input.type() == NumberType.FLOAT32)
                        .forEach(input -> floats.add(input.name()));
                for (OutputSpecification output : session.outputs()) {
                    if (output.type().filter(type -> type == NumberType.FLOAT32).isPresent()) {
                        floats.add(output.name());
                    }
                }
            }
        }
        floats.retainAll(names);
        return floats;
    }
}
