package dev.fewbit.core.plan;

import dev.fewbit.core.findings.SkippedWeight;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What was decided for every weight of one model.
 *
 * @param model file name of the model that the plan was made for
 * @param recipe name of the recipe that made it
 * @param seed seed of everything random in carrying it out
 * @param graph what is done to the graph and its activations
 * @param weights the weights to quantize, in the order of the graph
 * @param skipped the weights that stay float, and why
 */
public record Plan(
        String model,
        String recipe,
        long seed,
        GraphPlan graph,
        List<WeightPlan> weights,
        List<SkippedWeight> skipped) {

    /** Copies the lists and refuses two decisions for one tensor. */
    public Plan {
        weights = List.copyOf(weights);
        skipped = List.copyOf(skipped);
        Set<String> seen = new HashSet<>();
        for (WeightPlan weight : weights) {
            if (!seen.add(weight.tensor())) {
                throw new IllegalArgumentException(
                        "the plan decides twice about tensor '" + weight.tensor() + "'");
            }
        }
    }

    /** A plan that touches weights only. */
    public Plan(
            String model,
            String recipe,
            long seed,
            List<WeightPlan> weights,
            List<SkippedWeight> skipped) {
        this(model, recipe, seed, GraphPlan.NONE, weights, skipped);
    }

    /** The same decisions about weights, others about the graph. */
    public Plan with(GraphPlan other) {
        return new Plan(model, recipe, seed, other, weights, skipped);
    }

    /** The same decisions about the graph, others about the weights. */
    public Plan withWeights(List<WeightPlan> others) {
        return new Plan(model, recipe, seed, graph, others, skipped);
    }

    /** The same decisions under another file name of the model. */
    public Plan ofModel(String name) {
        return new Plan(name, recipe, seed, graph, weights, skipped);
    }

    /**
     * Hexadecimal SHA-256 of the decisions: what is done to which tensor, not where the model lies
     * nor why. Two plans with the same hash give the same model.
     */
    public String hash() {
        StringBuilder decisions = new StringBuilder("seed ").append(seed).append('\n');
        describe(graph, decisions);
        for (WeightPlan weight : weights) {
            decisions.append(weight.tensor()).append('\0').append(weight.format());
            decisions.append('\0').append(weight.grouping()).append('\0').append(weight.range());
            decisions.append('\0').append(weight.rounding());
            for (UsePlan use : weight.uses()) {
                decisions.append('\0').append(use.node()).append('\0').append(use.encoding());
            }
            decisions.append('\n');
        }
        return sha256(decisions);
    }

    private static void describe(GraphPlan graph, StringBuilder decisions) {
        for (Preparation preparation : graph.preparation()) {
            decisions.append(preparation).append('\n');
        }
        for (Correction correction : graph.corrections()) {
            switch (correction) {
                case Correction.ChannelScaling scaling ->
                        decisions
                                .append(scaling.value())
                                .append('\0')
                                .append(scaling.divided())
                                .append('\0')
                                .append(scaling.multiplied())
                                .append('\0')
                                .append(scaling.factors());
                case Correction.BiasShift bias ->
                        decisions.append(bias.node()).append('\0').append(bias.shift());
                case Correction.ChannelGain gain ->
                        decisions
                                .append("gain ")
                                .append(gain.node())
                                .append('\0')
                                .append(gain.factors());
            }
            decisions.append('\n');
        }
        for (ActivationPlan activation : graph.activations()) {
            decisions.append(activation.value()).append('\0').append(activation.format());
            decisions.append('\0').append(activation.parameters()).append('\n');
        }
        for (OperatorPlan operator : graph.operators()) {
            decisions.append(operator.node()).append('\0').append(operator.arithmetic());
            operator.input()
                    .ifPresent(
                            input ->
                                    decisions
                                            .append('\0')
                                            .append(input.format())
                                            .append('\0')
                                            .append(input.parameters()));
            decisions.append('\n');
        }
    }

    private static String sha256(CharSequence decisions) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(
                            digest.digest(decisions.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
