package dev.fewbit.search;

import dev.fewbit.FewbitException;
import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.ParetoFront;
import dev.fewbit.rounding.RoundedPlan;

import java.io.IOException;
import java.util.List;

/** Finds the smallest network that loses no more than it may. */
final class SmallestWithin {
    private SmallestWithin() {}

    /**
     * Halves the front of best networks until it is found.
     *
     * @throws FewbitException if there is none, saying what can be reached
     */
    static Choice of(
            SearchSpace space,
            Assembly assembly,
            Limits limits,
            OutputDivergence divergence,
            SearchRequest request)
            throws IOException, InterruptedException {
        LossBound bound = limits.bound().orElseThrow();
        List<Choice> front = ParetoFront.of(space.items());
        double least = limits.loss(assembly.rounded(space.options(front.getLast())));
        if (!(least <= bound.limit())) {
            throw new FewbitException(
                    "the %s is %.4g even with as many bits as are allowed, and at most %s may be lost; allow more, or more bits and formats (--bits, --formats)"
                            .formatted(bound.measure(divergence), least, bound.limit()));
        }
        int misses = -1;
        int meets = front.size() - 1;
        while (meets - misses > 1) {
            int middle = (meets + misses) / 2;
            request.progress().update("looking for the smallest", misses + 1, front.size());
            RoundedPlan rounded = assembly.rounded(space.options(front.get(middle)));
            if (limits.loss(rounded) <= bound.limit()) {
                meets = middle;
            } else {
                misses = middle;
            }
        }
        return front.get(meets);
    }
}
