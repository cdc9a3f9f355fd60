package dev.fewbit.train.network;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.encode.RoundedActivation;
import dev.fewbit.onnx.encode.RoundedInput;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.OpsetRaiser;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.train.graph.Interpreter;
import dev.fewbit.train.graph.Taps;
import dev.fewbit.train.quantize.ActivationFake;
import dev.fewbit.train.quantize.AffineWeight;
import dev.fewbit.train.quantize.LevelWeight;
import dev.fewbit.train.quantize.WeightQuantizer;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A float network that computes with what its plan will make of its weights and activations. The
 * float weights are shadows: gradients go to them, the forward pass sees them rounded, and only
 * codes are left of them in the end.
 */
public final class QuantizedNetwork implements AutoCloseable {
    /** How the levels of activations were found, in plans. */
    private static final String LEARNED = "learned";

    private final Interpreter interpreter;
    private final Plan plan;
    private final Map<Value, WeightQuantizer> weights = new LinkedHashMap<>();
    private final Map<Value, ActivationFake> activations = new LinkedHashMap<>();
    private final Map<Value, RoundedActivation> roundings = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();

    /** Nodes that read the same value to the same levels share a quantizer. */
    private final Map<ActivationPlan, ActivationFake> inputLevels = new LinkedHashMap<>();

    private final Map<Node, ActivationFake> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    private QuantizedNetwork(Interpreter interpreter, Plan plan) {
        this.interpreter = interpreter;
        this.plan = plan;
    }

    /**
     * For a model and its plan.
     *
     * @param model the prepared and corrected float model, weights as initializers; belongs to the
     *     network from now on
     * @param start what its weights were rounded to before: all those of the plan
     * @throws dev.fewbit.train.operator.OperatorException if it has operators that cannot be
     *     trained through
     */
    public static QuantizedNetwork of(Model model, Plan plan, RoundedWeights start)
            throws IOException {
        OpsetRaiser.raise(model, OpsetRaiser.MAXIMUM);
        QuantizedNetwork network = new QuantizedNetwork(Interpreter.of(model), plan);
        try {
            network.addWeights(start);
            for (RoundedActivation rounded : RoundedActivation.of(model, plan)) {
                ActivationPlan levels = rounded.plan();
                network.origins.put(levels.value(), rounded.origin().name());
                if (rounded.origin().equals(rounded.value())) {
                    network.roundings.put(rounded.value(), rounded);
                    network.activations.put(
                            rounded.value(),
                            new ActivationFake(levels.format(), levels.parameters()));
                }
            }
            for (RoundedInput input : RoundedInput.of(model, plan)) {
                network.inputs.put(
                        input.node(),
                        network.inputLevels.computeIfAbsent(
                                input.levels(),
                                levels ->
                                        new ActivationFake(levels.format(), levels.parameters())));
            }
            network.learn();
            return network;
        } catch (RuntimeException failure) {
            network.close();
            throw failure;
        }
    }

    private void addWeights(RoundedWeights start) {
        Map<String, WeightSite> sites = new HashMap<>();
        WeightSites.find(interpreter.model()).forEach(site -> sites.put(site.name(), site));
        for (WeightPlan weight : plan.weights()) {
            WeightSite site = sites.get(weight.tensor());
            Optional<RoundedWeight> rounded = start.of(weight.tensor());
            if (site == null
                    || rounded.isEmpty()
                    || !interpreter.constants().containsKey(site.value())) {
                throw new IllegalArgumentException(
                        "weight '%s' of the plan is no rounded initializer of the model"
                                .formatted(weight.tensor()));
            }
            GroupGeometry geometry = site.geometry(weight.grouping());
            boolean twoLevels = weight.grouping().hasTwoLevels();
            weights.put(
                    site.value(),
                    switch (weight.format()) {
                        case Affine affine ->
                                new AffineWeight(affine, geometry, twoLevels, rounded.get());
                        case LevelFormat levels ->
                                new LevelWeight(
                                        levels,
                                        geometry,
                                        site.tables(levels, weight.grouping()),
                                        twoLevels,
                                        rounded.get());
                    });
        }
    }

    private void learn() {
        for (Value value : LearnedConstants.of(interpreter.model(), weights.keySet())) {
            Tensor constant = interpreter.constants().get(value);
            if (constant != null) {
                constants.put(value.name(), constant.set_requires_grad(true));
            }
        }
    }

    /**
     * Computes with rounded weights and activations.
     *
     * @param inputs in the order of the model's inputs
     * @return its outputs, to be closed
     */
    public List<Tensor> forward(List<Tensor> inputs) {
        return interpreter.run(inputs, new Rounding());
    }

    /** Exchanges weights and activations for rounded ones. */
    private final class Rounding implements Taps {
        @Override
        public Tensor made(Value value, Tensor tensor) {
            WeightQuantizer weight = weights.get(value);
            if (weight != null) {
                return weight.apply(tensor);
            }
            RoundedActivation rounding = roundings.get(value);
            return rounding != null && rounding.forAll() ? rounded(value, tensor) : tensor;
        }

        @Override
        public Tensor read(Node node, int input, Tensor tensor) {
            Value value = node.input(input);
            RoundedActivation rounding = value == null ? null : roundings.get(value);
            Tensor seen =
                    value != null
                                    && rounding != null
                                    && !rounding.forAll()
                                    && rounding.readers().contains(node)
                            ? rounded(value, tensor)
                            : tensor;
            ActivationFake own = input == 0 ? inputs.get(node) : null;
            return own == null ? seen : own.apply(seen);
        }

        private Tensor rounded(Value value, Tensor tensor) {
            ActivationFake levels = activations.get(value);
            return levels == null ? tensor : levels.apply(tensor);
        }
    }

    /** The names of the network's inputs, in the order of {@link #forward}. */
    public List<String> inputs() {
        return interpreter.model().graph().inputs().stream()
                .filter(input -> !interpreter.constants().containsKey(input))
                .map(Value::name)
                .toList();
    }

    /** Float constants that are learned: shadows of weights, biases and the like; by name. */
    public Map<String, Tensor> constants() {
        return constants;
    }

    /** Parameters of levels that are learned, by name. */
    public Map<String, Tensor> levels() {
        Map<String, Tensor> levels = new LinkedHashMap<>();
        weights.forEach(
                (value, quantizer) ->
                        quantizer
                                .parameters()
                                .forEach(
                                        (name, tensor) ->
                                                levels.put(
                                                        name + " of weight " + value.name(),
                                                        tensor)));
        activations.forEach(
                (value, quantizer) ->
                        quantizer
                                .parameters()
                                .forEach(
                                        (name, tensor) ->
                                                levels.put(name + " of " + value.name(), tensor)));
        inputs.forEach(
                (node, quantizer) ->
                        quantizer
                                .parameters()
                                .forEach(
                                        (name, tensor) -> {
                                            // The first of those that share it gives its name.
                                            if (!levels.containsValue(tensor)) {
                                                levels.put(
                                                        name + " before " + Labels.of(node),
                                                        tensor);
                                            }
                                        }));
        return levels;
    }

    /** Keeps parameters of levels where they make sense; to be called after every step. */
    public void settle() {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            weights.values().forEach(WeightQuantizer::settle);
            activations.values().forEach(ActivationFake::settle);
            inputLevels.values().forEach(ActivationFake::settle);
        }
    }

    /** What came of the training, as it is now. */
    public TrainedNetwork trained() {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Map<String, float[]> floats = new LinkedHashMap<>();
            constants.forEach((name, tensor) -> floats.put(name, Tensors.floats(tensor)));
            Map<String, RoundedWeight> codes = new LinkedHashMap<>();
            weights.forEach(
                    (value, quantizer) ->
                            codes.put(value.name(), quantizer.codes(constant(value))));
            Map<String, ActivationFake> levels = new HashMap<>();
            activations.forEach((value, fake) -> levels.put(value.name(), fake));
            List<ActivationPlan> learned = new ArrayList<>();
            for (ActivationPlan activation : plan.graph().activations()) {
                String origin = origins.getOrDefault(activation.value(), activation.value());
                learned.add(learned(activation, levels.get(origin)));
            }
            return new TrainedNetwork(floats, codes, learned, operators());
        }
    }

    private List<OperatorPlan> operators() {
        Map<String, ActivationFake> byLabel = new HashMap<>();
        inputs.forEach((node, levels) -> byLabel.put(Labels.of(node), levels));
        List<OperatorPlan> operators = new ArrayList<>();
        for (OperatorPlan operator : plan.graph().operators()) {
            ActivationFake levels = byLabel.get(operator.node());
            operators.add(
                    levels == null || operator.input().isEmpty()
                            ? operator
                            : operator.withInput(
                                    new InputPlan(
                                            operator.input().get().format(),
                                            levels.levels(),
                                            LEARNED,
                                            operator.input().get().reason())));
        }
        return operators;
    }

    private Tensor constant(Value value) {
        return Objects.requireNonNull(interpreter.constants().get(value), value.name());
    }

    private static ActivationPlan learned(ActivationPlan before, @Nullable ActivationFake levels) {
        return levels == null
                ? before
                : new ActivationPlan(
                        before.value(), before.format(), levels.levels(), LEARNED, before.reason());
    }

    @Override
    public void close() {
        weights.values().forEach(WeightQuantizer::close);
        activations.values().forEach(ActivationFake::close);
        inputLevels.values().forEach(ActivationFake::close);
        interpreter.close();
    }
}
