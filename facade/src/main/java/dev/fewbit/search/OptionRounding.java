package dev.fewbit.search;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.rounding.IndependentRounding;
import dev.fewbit.rounding.RoundableLayer;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Rounds every weight in all formats that are worth it.
 *
 * <p>What is worth it is seen by the layer's own error with weights rounded to the nearest levels,
 * which is quickly found: a format that takes as many bytes as another and has a larger error is
 * left out.
 */
final class OptionRounding {
    private final Measurements known;
    private final ToLongFunction<FormatOption> bytes;
    private final Map<String, Menu> menus = new HashMap<>();

    /**
     * @param known what was found out before; what is found out now is added
     * @param bytes what an option takes in the file
     */
    OptionRounding(Measurements known, ToLongFunction<FormatOption> bytes) {
        this.known = known;
        this.bytes = bytes;
    }

    /**
     * Rounds.
     *
     * @param samples what to round by
     * @return the menus with what is worth it
     */
    List<Menu> run(
            PreparedModel prepared,
            StartingPoint start,
            List<Menu> all,
            List<Sample> samples,
            SearchRequest request)
            throws IOException, InterruptedException {
        Set<String> missing = new HashSet<>();
        for (Menu menu : all) {
            menus.put(menu.tensor(), menu);
            if (!isComplete(menu)) {
                missing.add(menu.tensor());
            }
        }
        if (!missing.isEmpty()) {
            Plan plan = start.plan();
            IndependentRounding.run(
                            prepared,
                            plan,
                            start.surroundings(),
                            samples,
                            request.threads(),
                            request.progress(),
                            missing::contains,
                            this::round)
                    .keySet()
                    .forEach(this::isLeftToNearest);
        }
        List<Menu> worthwhile = new ArrayList<>();
        for (Menu menu : all) {
            worthwhile.add(worthwhile(menu));
        }
        return worthwhile;
    }

    /** Says so for the next search, which then need not look again. */
    private void isLeftToNearest(String tensor) {
        try {
            known.keep(nearestOnly(tensor), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nearestOnly(String tensor) {
        return "nearest-only " + tensor;
    }

    private boolean isComplete(Menu menu) {
        if (known.figure(nearestOnly(menu.tensor())).isPresent()) {
            return true;
        }
        for (FormatOption option : menu.options()) {
            if (option.plan() != null && known.figure(errorKey(option)).isEmpty()) {
                return false;
            }
        }
        return worthwhile(menu).options().stream()
                .allMatch(
                        option ->
                                option.plan() == null
                                        || !isRounded(option)
                                        || known.hasWeight(option.key()));
    }

    private boolean isRounded(FormatOption option) {
        OptionalDouble error = known.figure(errorKey(option));
        return error.isPresent() && Double.isFinite(error.getAsDouble());
    }

    private static String errorKey(FormatOption option) {
        return "layer-error " + option.key();
    }

    private void round(RoundableLayer layer) throws IOException {
        Menu menu = menus.get(layer.tensor());
        if (menu == null) {
            return;
        }
        for (FormatOption option : menu.options()) {
            WeightPlan plan = option.plan();
            if (plan != null && known.figure(errorKey(option)).isEmpty()) {
                known.keep(
                        errorKey(option),
                        layer.takes(plan) ? layer.nearestError(plan) : Double.POSITIVE_INFINITY);
            }
        }
        for (FormatOption option : worthwhile(menu).options()) {
            WeightPlan plan = option.plan();
            if (plan != null && layer.takes(plan) && !known.hasWeight(option.key())) {
                known.keep(option.key(), layer.round(plan));
            }
        }
    }

    /** Without options for which another one is no larger and has no larger error. */
    private Menu worthwhile(Menu menu) {
        List<FormatOption> kept = new ArrayList<>();
        for (FormatOption option : menu.options()) {
            if (option.plan() == null || !isRounded(option) || !isBeaten(option, menu)) {
                kept.add(option);
            }
        }
        return menu.with(kept);
    }

    private boolean isBeaten(FormatOption option, Menu menu) {
        double error = known.figure(errorKey(option)).orElse(Double.POSITIVE_INFINITY);
        long size = bytes.applyAsLong(option);
        boolean behind = false;
        for (FormatOption other : menu.options()) {
            if (other.equals(option)) {
                behind = true;
                continue;
            }
            if (other.plan() == null || !isRounded(other)) {
                continue;
            }
            double its = known.figure(errorKey(other)).orElse(Double.POSITIVE_INFINITY);
            long otherSize = bytes.applyAsLong(other);
            boolean noWorse = its <= error && otherSize <= size;
            boolean same = its == error && otherSize == size;
            if (noWorse && (!same || !behind)) {
                return true;
            }
        }
        return false;
    }
}
