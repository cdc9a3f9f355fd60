package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport;
import dev.fewbit.onnx.integer.IntegerSupport.FloatOnly;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes plans in which everything computes in integers that can; ranges span the values of one run.
 * What the tests do to a plan they do to the lists and maps in here.
 */
final class PlanSketch {
    static final Affine UNSIGNED = new Affine(8, false, false);

    final Map<String, ActivationPlan> activations = new LinkedHashMap<>();
    final Map<String, OperatorPlan> operators = new LinkedHashMap<>();
    final List<WeightPlan> weights = new ArrayList<>();

    private final Model model;
    private final Map<String, float[]> values;
    private final Affine format;

    PlanSketch(Model model, Map<String, float[]> values, Affine format) {
        this.model = model;
        this.values = values;
        this.format = format;
    }

    /** All of it. */
    static PlanSketch of(
            Model model,
            Map<String, float[]> values,
            Affine format,
            WeightFormat weight,
            Grouping grouping) {
        PlanSketch sketch = new PlanSketch(model, values, format);
        Constants constants = new Constants(model);
        Set<String> weightNames = new HashSet<>();
        for (Node node : model.graph().nodes()) {
            IntegerSupport support = IntegerOperators.of(node, constants);
            switch (support) {
                case Kernel kernel -> {
                    boolean addsBias = sketch.addsBias(node, constants);
                    if (!addsBias) {
                        for (int input : kernel.activations()) {
                            sketch.quantize(node.input(input));
                        }
                    }
                    kernel.weight().ifPresent(input -> weightNames.add(source(node.input(input))));
                    if (!isRaw(node, constants)) {
                        sketch.quantize(node.output(0));
                    }
                    sketch.integer(node);
                }
                case MovesData _ -> {
                    sketch.quantize(node.input(0));
                    ActivationPlan same = sketch.activations.get(node.input(0).name());
                    for (Value output : node.outputs()) {
                        if (!node.is("ArgMax")) {
                            sketch.activations.put(output.name(), like(same, output.name()));
                        }
                    }
                    sketch.integer(node);
                }
                case Limits _ -> {
                    if (!isRaw(node.input(0).producer(), constants)) {
                        sketch.quantize(node.input(0));
                    }
                    sketch.quantize(node.output(0));
                    sketch.integer(node);
                }
                case FloatOnly _ -> {}
            }
        }
        for (WeightSite site : WeightSites.find(model)) {
            if (weightNames.contains(site.name())) {
                sketch.weights.add(weight(site, weight, grouping));
            }
        }
        return sketch;
    }

    static ActivationPlan like(ActivationPlan same, String value) {
        return new ActivationPlan(
                value, same.format(), same.parameters(), same.range(), same.reason());
    }

    static WeightPlan weight(WeightSite site, WeightFormat format, Grouping grouping) {
        return new WeightPlan(
                site.name(),
                Arrays.stream(site.tensor().shape()).boxed().toList(),
                format,
                grouping,
                new RangeMethod.MinMax(),
                site.uses().stream()
                        .map(
                                use ->
                                        new UsePlan(
                                                Labels.of(use.node()),
                                                use.node().opType(),
                                                Encoding.INTEGER))
                        .toList(),
                "tested");
    }

    Model model() {
        return model;
    }

    Plan plan() {
        return new Plan(
                "net.onnx",
                "int8",
                0,
                new GraphPlan(
                        List.of(),
                        List.of(),
                        List.copyOf(activations.values()),
                        List.copyOf(operators.values())),
                weights,
                List.of());
    }

    void integer(Node node) {
        String label = Labels.of(node);
        operators.put(label, new OperatorPlan(label, node.opType(), Arithmetic.INTEGER, "tested"));
    }

    void quantize(Value value) {
        if (activations.containsKey(value.name())) {
            return;
        }
        float[] seen = values.get(value.name());
        float low = 0;
        float high = 0;
        for (float each : seen) {
            low = Math.min(low, each);
            high = Math.max(high, each);
        }
        put(value.name(), AffineParameters.of(low, high, format));
    }

    void put(String value, AffineParameters parameters) {
        activations.put(value, new ActivationPlan(value, format, parameters, "min-max", "tested"));
    }

    /** Name of a weight, which may be read through a Transpose. */
    private static String source(Value weight) {
        Node producer = weight.producer();
        return producer == null ? weight.name() : producer.input(0).name();
    }

    /** Whether the only reader of a kernel's output limits it or adds its bias. */
    private static boolean isRaw(Node node, Constants constants) {
        Value output = node == null ? null : node.output(0);
        if (output == null || output.isGraphOutput() || output.consumers().size() != 1) {
            return false;
        }
        Node reader = output.consumers().getFirst();
        boolean kernel = IntegerOperators.of(node, constants) instanceof Kernel;
        return kernel
                && (reader.is("Relu") || reader.is("Clip") || biasOf(reader, node, constants));
    }

    private boolean addsBias(Node add, Constants constants) {
        return add.inputs().stream()
                .anyMatch(
                        input ->
                                input.producer() != null
                                        && biasOf(add, input.producer(), constants));
    }

    private static boolean biasOf(Node add, Node product, Constants constants) {
        return add.is("Add")
                && product.is("MatMul")
                && add.inputs().stream().anyMatch(input -> constants.resolve(input).isPresent());
    }
}
