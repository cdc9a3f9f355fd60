package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.ParetoFront;
import dev.fewbit.core.findings.LayerChoice;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchLimits;
import dev.fewbit.core.findings.SearchPoint;
import dev.fewbit.core.plan.UsePlan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a search has to tell, as far as it is known before the last file was written. */
public final class SearchSummary {
    /** Budgets between the corners of the front. */
    private static final int BUDGETS = 24;

    private final SearchSpace space;
    private final Map<FixedPrecision, Double> fixed;
    private final Choice choice;
    private final double loss;
    private final String measure;
    private final SearchLimits limits;
    private final OptionalDouble otherSeconds;

    /**
     * @param space all networks
     * @param fixed those of one width, with what each was measured to lose
     * @param choice the one that was chosen
     * @param loss what that was measured to lose, weights rounded as for the others
     * @param measure what is called loss
     * @param limits what was asked for
     * @param otherSeconds the time of a run beside what weights add to it; empty if it was not
     *     measured
     */
    SearchSummary(
            SearchSpace space,
            Map<FixedPrecision, Double> fixed,
            Choice choice,
            double loss,
            String measure,
            SearchLimits limits,
            OptionalDouble otherSeconds) {
        this.otherSeconds = otherSeconds;
        this.space = space;
        this.fixed = fixed;
        this.choice = choice;
        this.loss = loss;
        this.measure = measure;
        this.limits = limits;
    }

    /**
     * Everything.
     *
     * @param fileBytes size of the file that was written
     * @param floatBytes size of the float model's file
     * @param weightBytes bytes of the weights in the file by the names of their tensors
     */
    public SearchFindings findings(long fileBytes, long floatBytes, Map<String, Long> weightBytes) {
        // What cannot be added up, such as names and shared constants, is the same for all.
        long more = fileBytes - space.bytes(choice);
        List<SearchPoint> front = new ArrayList<>();
        for (Choice point : ParetoFront.of(space.items(), BUDGETS)) {
            front.add(point("", point, more, null));
        }
        List<SearchPoint> same = new ArrayList<>();
        fixed.forEach(
                (network, measured) ->
                        same.add(
                                point(network.bits() + " bits", network.choice(), more, measured)));
        return new SearchFindings(
                measure,
                limits,
                front,
                same,
                point("chosen", choice, more, loss),
                floatBytes,
                Explanations.of(space, choice).layers().stream()
                        .map(layer -> layer(layer, weightBytes))
                        .toList());
    }

    private SearchPoint point(String label, Choice network, long more, @Nullable Double measured) {
        return new SearchPoint(
                label,
                space.bytes(network) + more,
                network.loss(),
                measured,
                otherSeconds.isPresent() ? otherSeconds.getAsDouble() + network.seconds() : null);
    }

    private static LayerChoice layer(Explanations.Layer layer, Map<String, Long> weightBytes) {
        Menu menu = layer.menu();
        return new LayerChoice(
                menu.tensor(),
                menu.start().uses().stream().map(UsePlan::node).collect(Collectors.joining(", ")),
                menu.elements(),
                layer.chosen().words(),
                weightBytes.getOrDefault(menu.tensor(), Float.BYTES * menu.elements()),
                layer.share(),
                layer.reason(),
                alternative(layer.smaller()),
                alternative(layer.larger()));
    }

    private static LayerChoice.@Nullable Alternative alternative(
            Optional<Explanations.Alternative> other) {
        return other.map(
                        each ->
                                new LayerChoice.Alternative(
                                        each.option().words(), each.bytes(), each.loss()))
                .orElse(null);
    }
}
