package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.rounding.RoundableLayer.Rounded;
import dev.fewbit.rounding.RoundedPlan;
import dev.fewbit.rounding.SequentialRounding;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rounds the chosen network once more, its layers one after the other, so that each makes up for
 * those before it: too slow for measuring formats, and better.
 */
final class Refinement {
    private final PreparedModel prepared;
    private final Assembly assembly;
    private final Trials trials;
    private final Measurements known;
    private final SearchSamples samples;
    private final SearchRequest request;

    Refinement(
            PreparedModel prepared,
            Assembly assembly,
            Trials trials,
            Measurements known,
            SearchSamples samples,
            SearchRequest request) {
        this.prepared = prepared;
        this.assembly = assembly;
        this.trials = trials;
        this.known = known;
        this.samples = samples;
        this.request = request;
    }

    /**
     * What came of it.
     *
     * @param loss what the outputs lose
     * @param better whether that is less than before
     */
    record Result(RoundedPlan rounded, double loss, boolean better, List<String> notes) {}

    /** Rounds, or reads what was rounded before. */
    Result of(Choice choice, double before) throws IOException, InterruptedException {
        String name = "refined-" + trials.hash(choice);
        Optional<RoundedPlan> saved = saved(name);
        RoundedPlan rounded;
        if (saved.isPresent()) {
            rounded = saved.get();
        } else {
            List<FormatOption> options = trials.space().options(choice);
            rounded =
                    SequentialRounding.run(
                            prepared,
                            new RoundedPlan(
                                    assembly.plan(options),
                                    KeptWeights.nearest(known, options),
                                    List.of()),
                            samples.rounding(),
                            request.threads(),
                            request.progress());
            save(name, rounded);
        }
        double loss = trials.loss(rounded);
        return new Result(rounded, loss, loss < before, rounded.notes());
    }

    private Optional<RoundedPlan> saved(String name) throws IOException {
        Optional<String> text = known.text(name + ".yaml");
        Optional<String> tensors = known.text(name + ".tensors");
        if (text.isEmpty() || tensors.isEmpty()) {
            return Optional.empty();
        }
        Plan plan = PlanYaml.parse(text.get(), name);
        Map<String, RoundedWeight> weights = new HashMap<>();
        for (String tensor : tensors.get().lines().toList()) {
            Optional<Rounded> weight = known.weight(name + " " + tensor);
            if (weight.isEmpty()) {
                return Optional.empty();
            }
            weights.put(tensor, weight.get().weight());
        }
        return Optional.of(
                new RoundedPlan(
                        plan,
                        tensor -> Optional.ofNullable(weights.get(tensor)),
                        known.text(name + ".txt").orElse("").lines().toList()));
    }

    /** The plan last: with it, everything is there. */
    private void save(String name, RoundedPlan rounded) throws IOException {
        RoundedWeights weights = rounded.weights();
        List<String> tensors = new ArrayList<>();
        for (WeightPlan weight : rounded.plan().weights()) {
            Optional<RoundedWeight> own = weights.of(weight.tensor());
            if (own.isPresent()) {
                tensors.add(weight.tensor());
                known.keep(name + " " + weight.tensor(), new Rounded(own.get(), Optional.empty()));
            }
        }
        known.keepText(name + ".tensors", String.join("\n", tensors));
        known.keepText(name + ".txt", String.join("\n", rounded.notes()));
        known.keepText(name + ".yaml", PlanYaml.write(rounded.plan()));
    }
}
