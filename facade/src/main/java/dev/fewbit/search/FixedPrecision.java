package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Networks in which all weights have the same width, to hold a mixed one against.
 *
 * @param bits the width
 * @param choice the network
 */
record FixedPrecision(int bits, Choice choice) {

    /** Every width that all weights can have, or more where one cannot; the widest first. */
    static List<FixedPrecision> of(SearchSpace space, SearchRequest request) {
        List<FixedPrecision> found = new ArrayList<>();
        for (int bits = request.mostBits(); bits >= request.fewestBits(); bits--) {
            of(space, bits).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<FixedPrecision> of(SearchSpace space, int bits) {
        List<Integer> options = new ArrayList<>();
        boolean any = false;
        int menus = 0;
        for (Menu menu : space.menus()) {
            int best = -1;
            for (int i = 0; i < menu.options().size(); i++) {
                if (menu.options().get(i).bits() >= bits
                        && (best < 0 || isBetter(space.items().get(menus), menu, i, best))) {
                    best = i;
                }
            }
            menus++;
            if (best < 0) {
                return Optional.empty();
            }
            any |= menu.options().get(best).bits() == bits;
            options.add(best);
        }
        return any
                ? Optional.of(new FixedPrecision(bits, Choice.of(space.items(), options)))
                : Optional.empty();
    }

    /** Narrower, or of the same width and with less loss. */
    private static boolean isBetter(List<Option> items, Menu menu, int one, int other) {
        int difference = menu.options().get(one).bits() - menu.options().get(other).bits();
        return difference < 0
                || (difference == 0 && items.get(one).loss() < items.get(other).loss());
    }
}
