package dev.fewbit.bench.calibration;

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

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Values around nodes of some operators, as a quantizer would ask for them. */
final class WantedValues {

    private WantedValues() {}

    /**
     * Finds the 32-bit float values that such nodes read or give and that depend on the model's
     * inputs.
     *
     * @param operators operators whose outputs are wanted; their inputs too where the name is
     *     followed by a plus sign
     * @param channelAxis axis of the channels whose ranges are wanted; empty for none
     */
    static List<Observation> around(Path model, Set<String> operators, List<Integer> channelAxis)
            throws IOException {
        Graph graph = OnnxReader.read(model).graph();
        Set<String> floats = floats(model, names(graph, operators), graph);
        List<Observation> wanted = new ArrayList<>();
        for (String name : floats) {
            wanted.add(
                    channelAxis.isEmpty()
                            ? Observation.ofTensor(name)
                            : new Observation(name, ChannelDetail.RANGES, channelAxis.getFirst()));
        }
        return wanted;
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
