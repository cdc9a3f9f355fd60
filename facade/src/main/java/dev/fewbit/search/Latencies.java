package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.profile.NodeLatencies;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The time of a run, on this machine. What a weight adds to it is measured in its place: in
 * networks in which all weights take the same kind of option, one such network for each kind.
 */
final class Latencies {
    private static final String OTHER = "seconds of all else";
    private static final int SAMPLES = 4;
    private static final int RUNS = 20;

    private final Assembly assembly;
    private final Measurements known;
    private final SearchRequest request;
    private final Path source;
    private final List<Sample> samples;

    Latencies(
            Path source,
            Assembly assembly,
            Measurements known,
            SearchRequest request,
            List<Sample> samples) {
        this.source = source;
        this.assembly = assembly;
        this.known = known;
        this.request = request;
        this.samples = samples.subList(0, Math.min(SAMPLES, samples.size()));
    }

    /** Measures all options of all menus that are not known yet. */
    void measure(List<Menu> menus) throws IOException {
        Set<String> kinds = new LinkedHashSet<>();
        for (Menu menu : menus) {
            for (FormatOption option : menu.options()) {
                if (known.figure(key(option)).isEmpty()) {
                    kinds.add(option.words());
                }
            }
        }
        int done = 0;
        for (String kind : kinds) {
            request.progress().update("timing", done++, kinds.size());
            measure(menus, kind);
        }
    }

    private void measure(List<Menu> menus, String kind) throws IOException {
        List<FormatOption> options = new ArrayList<>();
        for (Menu menu : menus) {
            options.add(
                    menu.options().stream()
                            .filter(option -> option.words().equals(kind))
                            .findFirst()
                            .orElse(menu.options().getFirst()));
        }
        NodeLatencies measured = measured(assembly.write(assembly.rounded(options)));
        Set<String> nodes = new LinkedHashSet<>();
        for (Menu menu : menus) {
            menu.start().uses().forEach(use -> nodes.add(use.node()));
        }
        NodeLatencies.LayerTimes times = measured.of(nodes);
        if (known.figure(OTHER).isEmpty()) {
            known.keep(OTHER, times.otherSeconds());
        }
        for (int i = 0; i < menus.size(); i++) {
            if (known.figure(key(options.get(i))).isEmpty()) {
                double seconds = 0;
                WeightPlan start = menus.get(i).start();
                for (UsePlan use : start.uses()) {
                    seconds += times.layers().getOrDefault(use.node(), 0.0);
                }
                known.keep(key(options.get(i)), seconds);
            }
        }
    }

    private static String key(FormatOption option) {
        return "seconds " + option.key();
    }

    private NodeLatencies measured(Path model) throws IOException {
        return NodeLatencies.measure(
                model, samples, SessionSettings.withThreads(request.threads()), RUNS);
    }

    /** What an option adds to the time of a run. */
    double of(FormatOption option) {
        return known.figure(key(option)).orElseThrow(() -> new IllegalStateException(option.key()));
    }

    /** What all else takes. */
    double other() {
        return known.figure(OTHER).orElse(0);
    }

    /** The time of a run of the float model. */
    double ofFloats() throws IOException {
        var before = known.figure("seconds of the float model");
        if (before.isPresent()) {
            return before.getAsDouble();
        }
        double seconds = measured(source).wholeSeconds();
        known.keep("seconds of the float model", seconds);
        return seconds;
    }

    /** The longest time of a run in seconds. */
    double limit(LatencyLimit limit) throws IOException {
        return limit.isShare() ? limit.value() * ofFloats() : limit.value();
    }

    /** The time of a run of a whole network. */
    double of(SearchSpace space, Trials trials, Choice choice) throws IOException {
        String key = "seconds of network " + trials.hash(choice);
        var before = known.figure(key);
        if (before.isPresent()) {
            return before.getAsDouble();
        }
        double seconds =
                measured(assembly.write(assembly.rounded(space.options(choice)))).wholeSeconds();
        known.keep(key, seconds);
        return seconds;
    }
}
