package dev.fewbit.core.rounding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Chooses among roundings by {@link WeightedError}. */
public final class BestRounding {

    private BestRounding() {}

    /**
     * A way to round.
     *
     * @param name for people, unique among candidates
     * @param rounding carries it out; called once
     */
    public record Candidate(String name, Supplier<RoundedMatrix> rounding) {}

    /**
     * The best candidate.
     *
     * @param name its name
     * @param rounded what it gave
     * @param error its error
     * @param errors errors of all candidates by their names, in order
     */
    public record Choice(
            String name, RoundedMatrix rounded, double error, Map<String, Double> errors) {

        /** Copies the errors. */
        public Choice {
            errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
        }
    }

    /**
     * Carries candidates out one after the other and keeps the one with the least error; of equals
     * the first. Holds two roundings in memory.
     *
     * @param target what the values are to come close to
     * @param h what errors cost; damped or of other samples than the candidates saw, it favours
     *     those that do not rely on chance
     */
    public static Choice of(
            WeightMatrix target, Hessian h, List<Candidate> candidates, Workers workers) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("there is at least one candidate");
        }
        Map<String, Double> errors = new LinkedHashMap<>();
        Candidate winner = candidates.getFirst();
        RoundedMatrix best = winner.rounding().get();
        double least = WeightedError.of(target, best, h, workers);
        errors.put(winner.name(), least);
        for (Candidate candidate : candidates.subList(1, candidates.size())) {
            RoundedMatrix rounded = candidate.rounding().get();
            double error = WeightedError.of(target, rounded, h, workers);
            if (errors.put(candidate.name(), error) != null) {
                throw new IllegalArgumentException(
                        "candidates have different names, got twice " + candidate.name());
            }
            if (error < least) {
                winner = candidate;
                best = rounded;
                least = error;
            }
        }
        return new Choice(winner.name(), best, least, errors);
    }

    /**
     * Takes every row from the candidate that is best there; of equals the first. Rows have nothing
     * to do with each other, so this is at least as good as any one.
     *
     * @param candidates codes on one and the same grid, at least one
     */
    public static RoundedMatrix ofRows(
            WeightMatrix target, Hessian h, List<RoundedMatrix> candidates, Workers workers) {
        RoundedMatrix first = candidates.getFirst();
        byte[] codes = first.codes();
        double[] errors = WeightedError.ofRows(target, first.toWeights(), h, workers);
        for (RoundedMatrix other : candidates.subList(1, candidates.size())) {
            if (!other.grid().equals(first.grid())) {
                throw new IllegalArgumentException(
                        "candidates of rows are on one grid; choose among grids as wholes");
            }
            double[] others = WeightedError.ofRows(target, other.toWeights(), h, workers);
            for (int row = 0; row < errors.length; row++) {
                if (others[row] < errors[row]) {
                    errors[row] = others[row];
                    int from = row * target.columns();
                    System.arraycopy(other.codes(), from, codes, from, target.columns());
                }
            }
        }
        return new RoundedMatrix(first.grid(), codes);
    }
}
