package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.rounding.RoundedPlan;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Measures whole networks, each once. */
final class Trials {
    private final SearchSpace space;
    private final Assembly assembly;
    private final OutputDivergence divergence;
    private final Measurements known;

    Trials(SearchSpace space, Assembly assembly, OutputDivergence divergence, Measurements known) {
        this.space = space;
        this.assembly = assembly;
        this.divergence = divergence;
        this.known = known;
    }

    /** What the outputs lose with the weights that were rounded independently. */
    double loss(Choice choice) throws IOException, InterruptedException {
        String key = "network " + hash(choice);
        OptionalDouble before = known.figure(key);
        if (before.isPresent()) {
            return before.getAsDouble();
        }
        double loss = loss(assembly.rounded(space.options(choice)));
        known.keep(key, loss);
        return loss;
    }

    /** What the outputs lose; nothing is remembered. */
    double loss(RoundedPlan rounded) throws IOException, InterruptedException {
        return divergence.of(assembly.write(rounded));
    }

    /** Tells a choice from all others, in other searches too. */
    String hash(Choice choice) {
        return Measurements.hash(
                space.options(choice).stream()
                        .map(FormatOption::key)
                        .collect(Collectors.joining("\n")));
    }

    /** The networks. */
    SearchSpace space() {
        return space;
    }
}
