package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.findings.SearchLimits;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.rounding.RoundedPlan;

import java.io.IOException;
import java.util.Optional;

/** What a network must keep to be delivered, measured on the network itself. */
final class Limits {
    /** Times differ by so much from one measurement to the next. */
    private static final double NOISE = 1.02;

    private final SearchRequest request;
    private final Optional<LossBound> bound;
    private final OutputDivergence divergence;
    private final Latencies latencies;
    private final Assembly assembly;
    private final PrecisionSearch.Delivery files;

    Limits(
            SearchRequest request,
            Optional<LossBound> bound,
            OutputDivergence divergence,
            Latencies latencies,
            Assembly assembly,
            PrecisionSearch.Delivery files) {
        this.request = request;
        this.bound = bound;
        this.divergence = divergence;
        this.latencies = latencies;
        this.assembly = assembly;
        this.files = files;
    }

    /** Whether a network keeps all limits. */
    boolean keeps(RoundedPlan rounded, Trials trials, Choice choice)
            throws IOException, InterruptedException {
        return keepsBytes(rounded.plan())
                && keepsTime(trials, choice)
                && (bound.isEmpty() || loss(rounded) <= bound.get().limit());
    }

    private boolean keepsBytes(Plan plan) throws IOException {
        return request.maximumBytes().isEmpty()
                || files.bytes(plan) <= request.maximumBytes().getAsLong();
    }

    /** Whether it is as fast as it must be, or slower by no more than chance. */
    boolean keepsTime(Trials trials, Choice choice) throws IOException {
        return request.maximumLatency().isEmpty()
                || latencies.of(trials.space(), trials, choice)
                        <= latencies.limit(request.maximumLatency().get()) * NOISE;
    }

    /** What of the limited loss a network has. */
    double loss(RoundedPlan rounded) throws IOException, InterruptedException {
        return bound.orElseThrow().loss(assembly.write(rounded), divergence);
    }

    /** The limit of the loss; empty if there is none. */
    Optional<LossBound> bound() {
        return bound;
    }

    /** As numbers, for people. */
    SearchLimits figures() throws IOException {
        return new SearchLimits(
                request.maximumBytes().isPresent() ? request.maximumBytes().getAsLong() : null,
                request.maximumLoss().isPresent() ? request.maximumLoss().getAsDouble() : null,
                request.maximumLatency().isPresent()
                        ? latencies.limit(request.maximumLatency().get())
                        : null);
    }
}
