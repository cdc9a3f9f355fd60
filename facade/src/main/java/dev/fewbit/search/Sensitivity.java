package dev.fewbit.search;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.rounding.RoundableLayer.Rounded;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.tuning.FloatNetwork;
import dev.fewbit.tuning.PreparedModel;
import dev.fewbit.tuning.SampleRuns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the outputs lose when one weight of the float network takes one of its options, all others
 * staying as they are. The network before the weight runs once for all options of the weight, and
 * the rest of it once for each.
 */
final class Sensitivity {
    /** Values between the two parts are kept for as many samples as fit. */
    private static final long MOST_KEPT = 256L << 20;

    private final PreparedModel prepared;
    private final List<Correction> corrections;
    private final OutputDivergence divergence;
    private final Measurements known;
    private final SearchRequest request;
    private final SampleRuns runs;

    Sensitivity(
            PreparedModel prepared,
            StartingPoint start,
            OutputDivergence divergence,
            Measurements known,
            SearchRequest request) {
        this.prepared = prepared;
        this.corrections = FloatNetwork.corrections(start.plan().graph().corrections());
        this.divergence = divergence;
        this.known = known;
        this.request = request;
        this.runs = new SampleRuns(request.threads());
    }

    /** Measures all options of all menus that are not known yet. */
    void measure(List<Menu> menus) throws IOException, InterruptedException {
        int total = menus.stream().mapToInt(menu -> menu.options().size()).sum();
        int done = 0;
        for (Menu menu : menus) {
            List<FormatOption> missing =
                    menu.options().stream()
                            .filter(option -> option.plan() != null)
                            .filter(option -> known.figure(key(option)).isEmpty())
                            .toList();
            if (!missing.isEmpty()) {
                request.progress().update("measuring", done, total);
                measure(menu.tensor(), missing, done, total);
            }
            done += menu.options().size();
        }
        request.progress().update("measuring", total, Math.max(1, total));
    }

    /** What the outputs lose by an option. */
    double loss(FormatOption option) {
        return option.plan() == null
                ? 0
                : known.figure(key(option))
                        .orElseThrow(() -> new IllegalStateException(option.key()));
    }

    private String key(FormatOption option) {
        return "loss " + option.key();
    }

    private void measure(String tensor, List<FormatOption> options, int done, int total)
            throws IOException, InterruptedException {
        WeightSuffix suffix = new WeightSuffix(prepared, corrections, tensor, true);
        Optional<Path> prefix = suffix.prefix();
        List<Sample> all = divergence.samples();
        double[] sums = new double[options.size()];
        int from = 0;
        while (from < all.size()) {
            List<Sample> fed = new ArrayList<>();
            if (prefix.isEmpty()) {
                fed.addAll(all);
            } else {
                before(prefix.get(), all, from, fed);
            }
            Map<String, NumberType> types = types(fed.getFirst());
            if (prefix.isPresent() && !WeightSuffix.canFeed(suffix.cutNames(), types)) {
                suffix = new WeightSuffix(prepared, corrections, tensor, false);
                prefix = Optional.empty();
                continue;
            }
            for (int i = 0; i < options.size(); i++) {
                FormatOption option = options.get(i);
                request.progress().update("measuring", done + i, total);
                WeightPlan plan = option.apart();
                BiasShift shift = known.weight(option.key()).flatMap(Rounded::shift).orElse(null);
                int first = from;
                int place = i;
                runs.each(
                        suffix.suffix(plan, new KeptWeights(known, List.of(option)), shift, types),
                        fed,
                        (number, outputs) -> divergence.of(first + number, outputs),
                        loss -> sums[place] += loss);
            }
            from += fed.size();
        }
        for (int i = 0; i < options.size(); i++) {
            known.keep(key(options.get(i)), sums[i] / all.size());
        }
    }

    /** Runs the first part on samples until enough is kept. */
    private void before(Path prefix, List<Sample> all, int from, List<Sample> fed)
            throws InterruptedException {
        long bytes = 0;
        int chunk = 2 * request.threads();
        int at = from;
        while (at < all.size() && bytes < MOST_KEPT) {
            List<Sample> some = all.subList(at, Math.min(all.size(), at + chunk));
            List<Map<String, NumberArray>> values = runs.whole(prefix, some);
            for (int i = 0; i < some.size(); i++) {
                Map<String, NumberArray> inputs = new LinkedHashMap<>(some.get(i).inputs());
                inputs.putAll(values.get(i));
                for (NumberArray array : values.get(i).values()) {
                    bytes += array.bytes().remaining();
                }
                fed.add(new Sample(some.get(i).index(), inputs, Optional.empty()));
            }
            at += some.size();
        }
    }

    private static Map<String, NumberType> types(Sample sample) {
        Map<String, NumberType> types = new HashMap<>();
        sample.inputs().forEach((name, array) -> types.put(name, array.type()));
        return types;
    }
}
