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
 * @param weights the weights to quantize, in the order of the graph
 * @param skipped the weights that stay float, and why
 */
public record Plan(
        String model,
        String recipe,
        long seed,
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

    /**
     * Hexadecimal SHA-256 of the decisions: what is done to which tensor, not where the model lies
     * nor why. Two plans with the same hash give the same model.
     */
    public String hash() {
        StringBuilder decisions = new StringBuilder("seed ").append(seed).append('\n');
        for (WeightPlan weight : weights) {
            decisions.append(weight.tensor()).append('\0').append(weight.format());
            decisions.append('\0').append(weight.grouping()).append('\0').append(weight.range());
            for (UsePlan use : weight.uses()) {
                decisions.append('\0').append(use.node()).append('\0').append(use.encoding());
            }
            decisions.append('\n');
        }
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
