package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** All choices, one after the other. */
final class BruteForce {

    private BruteForce() {}

    static List<Choice> all(List<List<Option>> items) {
        List<Choice> choices = new ArrayList<>();
        List<Integer> options = new ArrayList<>(Collections.nCopies(items.size(), 0));
        while (true) {
            choices.add(Choice.of(items, options));
            int item = items.size() - 1;
            while (item >= 0 && options.get(item) == items.get(item).size() - 1) {
                options.set(item, 0);
                item--;
            }
            if (item < 0) {
                return choices;
            }
            options.set(item, options.get(item) + 1);
        }
    }

    /** In the order of the documented ties; null where no choice is within the budget. */
    static Choice best(List<List<Option>> items, Budget budget) {
        return all(items).stream()
                .filter(budget::allows)
                .min(
                        Comparator.comparingDouble(Choice::loss)
                                .thenComparingLong(Choice::bytes)
                                .thenComparingDouble(Choice::seconds)
                                .thenComparing(BruteForce::indices))
                .orElse(null);
    }

    /** Indices as text that sorts as they do. */
    private static String indices(Choice choice) {
        StringBuilder text = new StringBuilder();
        choice.options().forEach(k -> text.append((char) ('0' + k)));
        return text.toString();
    }
}
