package dev.fewbit.search;

import dev.fewbit.FewbitException;
import dev.fewbit.core.allocation.Allocation;
import dev.fewbit.core.allocation.Budget;
import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.Option;
import dev.fewbit.core.allocation.UnreachableBudgetException;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Finds the best network that really keeps its limits. What weights take adds up nearly, but not
 * quite: nodes share constants, and layers share a processor. So where a network is measured to
 * take too much, less and less is allotted until one is found that does not.
 */
final class Fitting {
    /** Of a limit, the share by which less is allotted at first. */
    private static final long FINEST_STEP = 2000;

    /** Networks that are timed at most. */
    private static final int MOST_TIMED = 12;

    private final SearchSpace space;
    private final Trials trials;
    private final Latencies latencies;
    private final Limits limits;
    private final SearchRequest request;
    private final FileSize size;

    /** Tells the size of the file of a network. */
    interface FileSize {
        long of(SearchSpace space, Choice choice) throws IOException;
    }

    Fitting(
            SearchSpace space,
            Trials trials,
            Latencies latencies,
            Limits limits,
            SearchRequest request,
            FileSize size) {
        this.space = space;
        this.trials = trials;
        this.latencies = latencies;
        this.limits = limits;
        this.request = request;
        this.size = size;
    }

    /**
     * The best network within the limits of a request.
     *
     * @throws FewbitException if there is none, saying what can be reached
     */
    Fitted best() throws IOException {
        Budget budget = Budget.none();
        if (request.maximumLatency().isPresent()) {
            double limit = latencies.limit(request.maximumLatency().get());
            budget = budget.withSeconds(Math.max(0, limit - latencies.other()));
            for (int timed = 0; timed < MOST_TIMED; timed++) {
                Fitted fitted = small(budget, limit);
                if (limits.keepsTime(trials, fitted.choice())) {
                    return fitted;
                }
                double seconds = latencies.of(space, trials, fitted.choice());
                double allotted = fitted.choice().seconds() - (seconds - limit);
                if (allotted < sum(Option::seconds)) {
                    throw tooSlow(limit, seconds);
                }
                budget = budget.withSeconds(allotted);
            }
            throw tooSlow(limit, latencies.of(space, trials, small(budget, limit).choice()));
        }
        return small(budget, Double.POSITIVE_INFINITY);
    }

    /** The best one within the limit of the size. */
    private Fitted small(Budget time, double limit) throws IOException {
        if (request.maximumBytes().isEmpty()) {
            return new Fitted(allocated(time, limit), time);
        }
        long most = request.maximumBytes().getAsLong();
        long allotted = most - space.fixedBytes();
        long step = Math.max(1, most / FINEST_STEP);
        long smallest = (long) sum(option -> (double) option.bytes());
        while (allotted >= smallest) {
            Budget budget = time.withBytes(allotted);
            Choice choice = allocated(budget, limit);
            long excess = size.of(space, choice) - most;
            if (excess <= 0) {
                return new Fitted(choice, budget);
            }
            boolean last = allotted == smallest;
            allotted -= Math.max(excess, step);
            allotted = last ? allotted : Math.max(allotted, smallest);
            step *= 2;
        }
        throw tooLarge(most, allocated(Budget.none().withBytes(smallest), limit));
    }

    private Choice allocated(Budget budget, double limit) throws IOException {
        try {
            return Allocation.best(space.items(), budget);
        } catch (UnreachableBudgetException unreachable) {
            if (unreachable.smallestBytesInTime().isPresent()) {
                throw new FewbitException(
                        "no model takes %,d bytes and %s at once: the smallest one that is fast enough takes %,d bytes. Allow as much, or more time"
                                .formatted(
                                        request.maximumBytes().orElse(0),
                                        milliseconds(limit),
                                        space.fixedBytes()
                                                + unreachable.smallestBytesInTime().getAsLong()));
            }
            throw tooSlow(limit, unreachable.leastSeconds() + latencies.other());
        }
    }

    private double sum(ToDoubleFunction<Option> least) {
        return space.items().stream()
                .mapToDouble(
                        (List<Option> item) -> item.stream().mapToDouble(least).min().orElse(0))
                .sum();
    }

    private FewbitException tooLarge(long most, Choice smallest) throws IOException {
        return new FewbitException(
                "a model of %,d bytes cannot be made: the smallest one takes %,d bytes. Allow as much, or more formats or fewer bits (--formats, --bits); %d weights can be quantized, all else stays as it is"
                        .formatted(most, size.of(space, smallest), space.menus().size()));
    }

    private static FewbitException tooSlow(double limit, double least) {
        return new FewbitException(
                "no model runs in %s on this machine: the fastest one found takes %s. Allow as much, or other activations (--activations)"
                        .formatted(milliseconds(limit), milliseconds(least)));
    }

    private static String milliseconds(double seconds) {
        return String.format(Locale.ROOT, "%.3g ms", 1e3 * seconds);
    }
}
