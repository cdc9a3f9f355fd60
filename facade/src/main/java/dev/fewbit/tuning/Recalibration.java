package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Corrects a candidate's model and measures anew what the corrections change. */
final class Recalibration {
    private static final String KEPT = "gives channels their own ranges, which codes would end";

    private Recalibration() {}

    /**
     * The candidate with more corrections. Nodes that these add compute in float.
     *
     * @param corrections what to add
     * @param changed values that are different after that, each with the axis of its channels
     */
    static Candidate correct(
            Workbench bench,
            Candidate current,
            List<Correction.ChannelScaling> corrections,
            Map<String, Integer> changed)
            throws IOException, InterruptedException {
        Statistics known = current.statistics();
        Candidate next = current.with(corrections, known);
        Model model = bench.corrected(next);
        Map<String, String> keptFloat = new LinkedHashMap<>(current.choices().keptFloat());
        addedNodes(bench.corrected(current), model).forEach(label -> keptFloat.put(label, KEPT));
        next = next.with(current.choices().withKeptFloat(keptFloat));
        Map<String, Observation> wanted = new LinkedHashMap<>();
        for (String name : bench.planner(next).observed()) {
            if (known.find(name).isEmpty() || changed.containsKey(name)) {
                wanted.put(name, Observation.ofTensor(name));
            }
        }
        changed.forEach(
                (name, axis) ->
                        known.find(name)
                                .map(TensorStatistics::detail)
                                .ifPresent(
                                        detail ->
                                                wanted.put(
                                                        name,
                                                        new Observation(name, detail, axis))));
        if (wanted.isEmpty()) {
            return next;
        }
        Path file = bench.prepared().write(model, "corrected.onnx");
        Statistics measured =
                bench.calibrate(file, List.copyOf(wanted.values()), bench.options().samples());
        return new Candidate(
                next.corrections(), known.withReplaced(measured.values()), next.choices());
    }

    private static Set<String> addedNodes(Model before, Model after) {
        Set<String> known = new HashSet<>();
        before.graph().nodes().forEach(node -> known.add(Labels.of(node)));
        Set<String> added = new HashSet<>();
        for (Node node : after.graph().nodes()) {
            if (!known.contains(Labels.of(node))) {
                added.add(Labels.of(node));
            }
        }
        return added;
    }
}
