package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.Option;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * All networks that can be put together: the menus with what their options take and lose.
 *
 * @param menus the menus
 * @param items their options, in the same order, bytes above the smallest one of the menu
 * @param fixedBytes what is to be added to the bytes of a choice for the size of the file
 */
record SearchSpace(List<Menu> menus, List<List<Option>> items, long fixedBytes) {

    /** Copies the lists. */
    SearchSpace {
        menus = List.copyOf(menus);
        items = List.copyOf(items);
    }

    /** Finds what options take in a file. */
    static final class Sizes {
        private final Map<FormatOption, Long> bytes = new HashMap<>();
        private final long reference;

        /**
         * Measures each option in a network in which all other weights are as small as possible, so
         * that what is there once for all is there in any case.
         */
        Sizes(List<Menu> menus, Assembly assembly, Measurements known, SearchRequest request)
                throws IOException {
            List<FormatOption> smallest = new ArrayList<>();
            for (Menu menu : menus) {
                smallest.add(
                        menu.options().stream()
                                .min(Comparator.comparingInt(FormatOption::bits))
                                .orElseThrow());
            }
            reference = measured(smallest, -1, null, assembly, known, request);
            for (int i = 0; i < menus.size(); i++) {
                request.progress().update("sizing", i, menus.size());
                for (FormatOption option : menus.get(i).options()) {
                    long size = measured(smallest, i, option, assembly, known, request);
                    bytes.put(option, size - reference);
                }
            }
        }

        private static long measured(
                List<FormatOption> others,
                int place,
                @Nullable FormatOption option,
                Assembly assembly,
                Measurements known,
                SearchRequest request)
                throws IOException {
            List<FormatOption> options = new ArrayList<>(others);
            if (option != null) {
                options.set(place, option);
            }
            String key =
                    (request.compact() ? "compact bytes " : "bytes ")
                            + (option == null ? "all" : option.key())
                            + " among "
                            + Measurements.hash(
                                    String.join(
                                            "\n", others.stream().map(FormatOption::key).toList()));
            var before = known.figure(key);
            if (before.isPresent()) {
                return (long) before.getAsDouble();
            }
            long size = assembly.bytes(assembly.plan(options), request.compact());
            known.keep(key, (double) size);
            return size;
        }

        /** What an option takes beyond the smallest network. */
        long of(FormatOption option) {
            return bytes.getOrDefault(option, 0L);
        }

        /** The smallest network. */
        long reference() {
            return reference;
        }
    }

    /**
     * Puts together what was measured.
     *
     * @param seconds what an option adds to the time of a run; 0 where time does not matter
     */
    static SearchSpace of(
            List<Menu> menus,
            Sizes sizes,
            Sensitivity sensitivity,
            ToDoubleFunction<FormatOption> seconds) {
        List<List<Option>> items = new ArrayList<>();
        long fixed = sizes.reference();
        for (Menu menu : menus) {
            long least = menu.options().stream().mapToLong(sizes::of).min().orElse(0);
            fixed += least;
            items.add(
                    menu.options().stream()
                            .map(
                                    option ->
                                            new Option(
                                                    sensitivity.loss(option),
                                                    sizes.of(option) - least,
                                                    seconds.applyAsDouble(option)))
                            .toList());
        }
        return new SearchSpace(menus, items, fixed);
    }

    /** The options of a choice. */
    List<FormatOption> options(Choice choice) {
        List<FormatOption> options = new ArrayList<>();
        for (int i = 0; i < menus.size(); i++) {
            options.add(menus.get(i).options().get(choice.options().get(i)));
        }
        return options;
    }

    /** The size of the file of a choice. */
    long bytes(Choice choice) {
        return fixedBytes + choice.bytes();
    }
}
