package dev.fewbit.search;

import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.rounding.RoundableLayer.Rounded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rounded weights of some options. What is not rounded by data is rounded to the nearest levels
 * when it is written first, and kept from then on: for large tables that takes longer than all
 * else.
 */
final class KeptWeights implements RoundedWeights {
    private final Measurements known;
    private final Map<String, FormatOption> options = new HashMap<>();

    KeptWeights(Measurements known, List<FormatOption> options) {
        this.known = known;
        options.forEach(option -> this.options.put(option.tensor(), option));
    }

    /** Those of them that are rounded to the nearest levels for good. */
    static RoundedWeights nearest(Measurements known, List<FormatOption> options) {
        KeptWeights all = new KeptWeights(known, options);
        return tensor -> {
            FormatOption option = all.options.get(tensor);
            return option == null || known.hasWeight(option.key())
                    ? Optional.empty()
                    : all.of(tensor);
        };
    }

    private static String nearest(FormatOption option) {
        return "nearest " + option.key();
    }

    @Override
    public Optional<RoundedWeight> of(String tensor) {
        FormatOption option = options.get(tensor);
        if (option == null) {
            return Optional.empty();
        }
        try {
            Optional<Rounded> byData = known.weight(option.key());
            return (byData.isPresent() ? byData : known.weight(nearest(option)))
                    .map(Rounded::weight);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean wants(String tensor) {
        return options.containsKey(tensor);
    }

    @Override
    public void take(String tensor, RoundedWeight weight) {
        FormatOption option = options.get(tensor);
        if (option != null) {
            try {
                known.keep(nearest(option), new Rounded(weight, Optional.empty()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
