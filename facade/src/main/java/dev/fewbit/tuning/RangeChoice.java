package dev.fewbit.tuning;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.planning.integer.IntegerChoices;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses how the range of each activation is found, by the error that it makes in the model's
 * outputs ({@code --calibration auto}).
 *
 * <p>Every way is tried for all activations at once, and the best becomes the rule. Then the others
 * are tried for groups of activations, those first where the ways differ most, and taken where the
 * error falls; a group that gains nothing is split, as far as the trials go.
 */
final class RangeChoice implements Improvement {
    private static final List<ActivationRange> WAYS =
            List.of(
                    new ActivationRange.SquaredError(),
                    new ActivationRange.MinMax(),
                    new ActivationRange.Percentile(99.99),
                    new ActivationRange.Percentile(99.999),
                    new ActivationRange.Entropy());

    /** Trials of groups and single activations. */
    private static final int TRIALS = 32;

    private static final int GROUPS = 4;

    /** Levels that differ by less are as good as equal: a step of 8 bits is one in 256. */
    private static final double HARDLY_DIFFERENT = 0.01;

    @Override
    public boolean corrects() {
        return false;
    }

    @Override
    public String title() {
        return "choice of ranges";
    }

    @Override
    public Optional<Candidate> propose(Workbench bench, Candidate current) throws IOException {
        Candidate best = current;
        double least = bench.loss(current);
        Map<ActivationRange, Map<String, AffineParameters>> levels = new LinkedHashMap<>();
        Map<ActivationRange, Double> losses = new HashMap<>();
        for (ActivationRange way : possible(current.choices())) {
            Candidate candidate = current.with(current.choices().withRange(way));
            levels.put(way, levels(bench, candidate));
            double loss = bench.loss(candidate);
            losses.put(way, loss);
            if (loss < least) {
                best = candidate;
                least = loss;
            }
        }
        ActivationRange rule = best.choices().range();
        List<ActivationRange> others =
                levels.keySet().stream()
                        .filter(way -> !way.equals(rule))
                        .sorted(Comparator.comparingDouble(losses::get))
                        .toList();
        int trials = TRIALS;
        for (int i = 0; i < others.size() && trials > 0; i++) {
            ActivationRange way = others.get(i);
            List<String> different =
                    different(
                            levels.getOrDefault(rule, Map.of()),
                            levels.getOrDefault(way, Map.of()),
                            best.choices().ranges());
            List<List<String>> groups = split(different, GROUPS);
            // What the last ways leave unused is nobody's; what the first ones use is enough.
            int share = Math.ceilDiv(trials, others.size() - i);
            while (!groups.isEmpty() && share > 0) {
                List<String> group = groups.removeFirst();
                Candidate candidate = best.with(with(best.choices(), group, way));
                double loss = bench.loss(candidate);
                share--;
                trials--;
                if (loss < least) {
                    best = candidate;
                    least = loss;
                } else if (group.size() > 1) {
                    groups.addAll(split(group, 2));
                }
            }
        }
        return best.equals(current) ? Optional.empty() : Optional.of(best);
    }

    private static List<ActivationRange> possible(IntegerChoices choices) {
        return WAYS.stream()
                .filter(
                        way ->
                                choices.valueFormat().bits() == Byte.SIZE
                                        || !(way instanceof ActivationRange.Entropy))
                .toList();
    }

    /** Levels of the values that decide for themselves. */
    private static Map<String, AffineParameters> levels(Workbench bench, Candidate candidate)
            throws IOException {
        Set<String> observed = bench.planner(candidate).observed();
        Map<String, AffineParameters> levels = new LinkedHashMap<>();
        for (ActivationPlan activation : bench.plan(candidate).graph().activations()) {
            if (observed.contains(activation.value())) {
                levels.put(activation.value(), activation.parameters());
            }
        }
        return levels;
    }

    /** Values for which two ways find different levels, the most different first. */
    private static List<String> different(
            Map<String, AffineParameters> rule,
            Map<String, AffineParameters> other,
            Map<String, ActivationRange> settled) {
        Map<String, Double> differences = new LinkedHashMap<>();
        rule.forEach(
                (value, parameters) -> {
                    AffineParameters others = other.get(value);
                    if (others != null && !settled.containsKey(value)) {
                        double difference =
                                Math.abs(Math.log(others.scale() / (double) parameters.scale()));
                        if (difference > HARDLY_DIFFERENT) {
                            differences.put(value, difference);
                        }
                    }
                });
        return differences.keySet().stream()
                .sorted(
                        Comparator.comparingDouble((String value) -> differences.get(value))
                                .reversed())
                .toList();
    }

    private static List<List<String>> split(List<String> values, int parts) {
        List<List<String>> groups = new ArrayList<>();
        int size = Math.ceilDiv(values.size(), parts);
        for (int from = 0; from < values.size(); from += size) {
            groups.add(values.subList(from, Math.min(from + size, values.size())));
        }
        return groups;
    }

    private static IntegerChoices with(
            IntegerChoices choices, List<String> values, ActivationRange way) {
        Map<String, ActivationRange> ranges = new LinkedHashMap<>(choices.ranges());
        values.forEach(value -> ranges.put(value, way));
        return choices.withRanges(ranges);
    }
}
