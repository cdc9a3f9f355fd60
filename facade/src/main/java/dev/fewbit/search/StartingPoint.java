package dev.fewbit.search;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.NetworkKind;
import dev.fewbit.Quantization;
import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.prepare.GraphPreparation;
import dev.fewbit.planning.NetworkKinds;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.planning.Planner;
import dev.fewbit.runtime.constant.RuntimeConstants;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a search starts from: the network with weights of 8 bits, and its activations settled.
 *
 * @param network the kind of network
 * @param activations how activations are computed with
 * @param plan weights of 8 bits, rounded by data
 */
record StartingPoint(NetworkKind network, Activations activations, Plan plan) {
    private static final String FILE = "start.yaml";

    /** Finds it, or reads what was found before. */
    static StartingPoint of(Path source, SearchRequest request, Measurements known)
            throws IOException {
        Model model = OnnxReader.read(source);
        NetworkKind network = NetworkKinds.of(model);
        Activations activations = request.activations().orElse(usual(network));
        Optional<String> before = known.text(FILE);
        if (before.isPresent()) {
            return new StartingPoint(network, activations, PlanYaml.parse(before.get(), FILE));
        }
        Recipe recipe = recipe(activations, request);
        Plan plan =
                activations == Activations.STATIC
                        ? calibrated(source, recipe, request)
                        : folded(model, recipe);
        known.keepText(FILE, PlanYaml.write(plan));
        return new StartingPoint(network, activations, plan);
    }

    private static Plan calibrated(Path source, Recipe recipe, SearchRequest request) {
        Quantization quantization =
                Fewbit.quantize(source)
                        .recipe(recipe)
                        .data(request.data())
                        .samples(request.samples())
                        .task(request.task())
                        .threads(request.threads())
                        .progress(request.progress());
        request.tokenizer().ifPresent(quantization::tokenizer);
        return quantization.plan().plan();
    }

    /** Constants are folded, as static plans do it, because that makes files smaller. */
    private static Plan folded(Model model, Recipe recipe) {
        List<Preparation> passes = List.of(Preparation.FOLD_CONSTANTS);
        new GraphPreparation(new RuntimeConstants()).apply(model, passes);
        return Planner.plan(model, recipe)
                .with(new GraphPlan(passes, List.of(), List.of(), List.of()));
    }

    /** What suits a kind of network best. */
    private static Activations usual(NetworkKind network) {
        return network == NetworkKind.CONVOLUTIONS ? Activations.STATIC : Activations.DYNAMIC;
    }

    private static Recipe recipe(Activations activations, SearchRequest request) {
        Recipe eight =
                switch (activations) {
                    case STATIC -> Recipe.INT8;
                    case DYNAMIC -> Recipe.INT8_DYNAMIC;
                    case FLOAT -> Recipe.INT8_WEIGHTS;
                };
        return eight.withRounding(Rounding.AUTO)
                .withStatics(eight.statics().withActivationBits(request.activationBits()))
                .withSeed(request.seed());
    }

    /**
     * The network around a layer that is looked at: activations as they will be, weights only where
     * integer kernels cannot do without, to the nearest of 8 bits.
     */
    Plan surroundings() {
        List<WeightPlan> weights =
                plan.weights().stream()
                        .filter(StartingPoint::isInteger)
                        .map(weight -> weight.with(Rounding.NEAREST))
                        .toList();
        return plan.withWeights(weights);
    }

    /** Whether integer kernels read a weight. */
    static boolean isInteger(WeightPlan weight) {
        return weight.uses().stream().anyMatch(use -> use.encoding() == Encoding.INTEGER);
    }
}
