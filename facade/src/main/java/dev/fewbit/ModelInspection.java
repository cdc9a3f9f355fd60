package dev.fewbit;

import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.OpsetImport;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.planning.Planner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads off a model what people ask about it. */
final class ModelInspection {
    private ModelInspection() {}

    static Inspection inspect(Model model, Path file) throws IOException {
        var plan = Planner.plan(model, Recipe.INT8_DYNAMIC);
        Map<String, WeightSite> sites = new HashMap<>();
        WeightSites.find(model).forEach(site -> sites.putIfAbsent(site.name(), site));
        List<Inspection.InspectedWeight> weights = new ArrayList<>();
        for (WeightPlan weight : plan.weights()) {
            WeightSite site = sites.get(weight.tensor());
            if (site != null) {
                weights.add(inspect(site, weight));
            }
        }
        List<SkippedWeight> others = plan.skipped();
        return new Inspection(
                facts(model, file),
                model.graph().inputs().stream()
                        .filter(input -> input.initializer() == null)
                        .map(ModelInspection::port)
                        .toList(),
                model.graph().outputs().stream().map(ModelInspection::port).toList(),
                operators(model),
                weights,
                others);
    }

    private static Inspection.InspectedWeight inspect(WeightSite site, WeightPlan plan)
            throws IOException {
        ValueSummary summary = ValueSummary.of(site.tensor());
        return new Inspection.InspectedWeight(
                plan.tensor(),
                plan.uses().stream().map(UsePlan::node).toList(),
                plan.uses().stream()
                        .map(UsePlan::operator)
                        .distinct()
                        .collect(Collectors.joining(", ")),
                plan.shape(),
                site.tensor().elementCount(),
                site.tensor().byteSize(),
                summary.minimum(),
                summary.maximum(),
                summary.standardDeviation(),
                plan.uses().stream()
                        .map(use -> use.encoding().label())
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    private static Inspection.Port port(Value value) {
        ElementType type = value.elementType();
        Shape shape = value.shape();
        return new Inspection.Port(
                value.name(),
                type == null ? "?" : type.name().toLowerCase(Locale.ROOT),
                shape == null ? "?" : shape.toString());
    }

    private static List<Inspection.OperatorCount> operators(Model model) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : model.graph().allNodes()) {
            String operator =
                    node.domain().isEmpty() ? node.opType() : node.domain() + "." + node.opType();
            counts.merge(operator, 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> new Inspection.OperatorCount(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(Inspection.OperatorCount::count).reversed())
                .toList();
    }

    /** Facts about a float model that was read from a file. */
    static ModelFacts facts(Model model, Path file) throws IOException {
        long parameters =
                constants(model).stream()
                        .filter(tensor -> tensor.elementType().isReadableAsFloats())
                        .mapToLong(Tensor::elementCount)
                        .sum();
        return facts(model, file, fileBytes(model, file), parameters);
    }

    /** Facts about a quantized model, which has as many parameters as the float model. */
    static ModelFacts quantizedFacts(Model model, Path file, ModelFacts original, long fileBytes) {
        return facts(model, file, fileBytes, original.parameters());
    }

    /** Size of a model's file and of the files that its tensors lie in. */
    static long fileBytes(Model model, Path file) throws IOException {
        Set<Path> files = new HashSet<>();
        files.add(file.toRealPath());
        for (Tensor tensor : constants(model)) {
            if (tensor.data() instanceof FileRegion region) {
                files.add(region.file().toRealPath());
            }
        }
        long bytes = 0;
        for (Path each : files) {
            bytes += Files.size(each);
        }
        return bytes;
    }

    private static ModelFacts facts(Model model, Path file, long fileBytes, long parameters) {
        long weightBytes = constants(model).stream().mapToLong(Tensor::byteSize).sum();
        Map<String, Long> opsets = new TreeMap<>();
        for (OpsetImport opset : model.opsets()) {
            opsets.put(opset.domain().isEmpty() ? "ai.onnx" : opset.domain(), opset.version());
        }
        return new ModelFacts(
                String.valueOf(file.getFileName()),
                fileBytes,
                weightBytes,
                parameters,
                model.graph().allNodes().size(),
                model.irVersion(),
                opsets);
    }

    private static List<Tensor> constants(Model model) {
        List<Tensor> constants = new ArrayList<>(model.graph().initializers().values());
        for (Node node : model.graph().allNodes()) {
            if (node.is("Constant") && node.attribute("value") != null) {
                Tensor tensor = node.tensorAttribute("value");
                if (tensor != null) {
                    constants.add(tensor);
                }
            }
            node.subgraphs()
                    .forEach(subgraph -> constants.addAll(subgraph.initializers().values()));
        }
        return constants;
    }
}
