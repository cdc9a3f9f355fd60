package dev.fewbit.search;

import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.Option;
import dev.fewbit.core.plan.Plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Why each weight got what it got.
 *
 * @param layers one for each menu
 */
record Explanations(List<Layer> layers) {

    /**
     * A weight.
     *
     * @param menu what it could be
     * @param chosen what it is
     * @param option what that takes and loses
     * @param share its share of the predicted loss of all
     * @param smaller the best way to save bytes here
     * @param larger the best way to lose less here
     */
    record Layer(
            Menu menu,
            FormatOption chosen,
            Option option,
            double share,
            Optional<Alternative> smaller,
            Optional<Alternative> larger) {

        /** As a sentence. */
        String reason() {
            StringBuilder text =
                    new StringBuilder(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %.1f %% of the predicted loss",
                                    chosen.words(),
                                    100 * share));
            smaller.ifPresent(
                    other ->
                            text.append(
                                    String.format(
                                            Locale.ROOT,
                                            "; %s would save %,d bytes and lose %.3g more",
                                            other.option().words(),
                                            -other.bytes(),
                                            other.loss())));
            larger.ifPresent(
                    other ->
                            text.append(
                                    String.format(
                                            Locale.ROOT,
                                            "; %s would take %,d bytes more and lose %.3g less",
                                            other.option().words(),
                                            other.bytes(),
                                            -other.loss())));
            return text.toString();
        }
    }

    /**
     * Another option.
     *
     * @param bytes bytes that it takes more
     * @param loss what it loses more
     */
    record Alternative(FormatOption option, long bytes, double loss) {}

    static Explanations of(SearchSpace space, Choice choice) {
        double total = 0;
        for (int i = 0; i < space.menus().size(); i++) {
            total += Math.max(0, chosen(space, choice, i).loss());
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < space.menus().size(); i++) {
            Option own = chosen(space, choice, i);
            Menu menu = space.menus().get(i);
            layers.add(
                    new Layer(
                            menu,
                            menu.options().get(choice.options().get(i)),
                            own,
                            total == 0 ? 0 : Math.max(0, own.loss()) / total,
                            alternative(menu, space.items().get(i), own, -1),
                            alternative(menu, space.items().get(i), own, 1)));
        }
        return new Explanations(layers);
    }

    private static Option chosen(SearchSpace space, Choice choice, int item) {
        return space.items().get(item).get(choice.options().get(item));
    }

    /** The one for which most is gained for what is given, among smaller or larger ones. */
    private static Optional<Alternative> alternative(
            Menu menu, List<Option> options, Option own, int direction) {
        Alternative best = null;
        double bestRate = 0;
        for (int i = 0; i < options.size(); i++) {
            long bytes = options.get(i).bytes() - own.bytes();
            double loss = options.get(i).loss() - own.loss();
            if (bytes * direction <= 0 || (direction > 0 && loss >= 0)) {
                continue;
            }
            // Losses that are saved for a byte, or bytes that are saved for a loss.
            double rate = direction > 0 ? -loss / bytes : -bytes / Math.max(loss, 1e-300);
            if (best == null || rate > bestRate) {
                best = new Alternative(menu.options().get(i), bytes, loss);
                bestRate = rate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The plan with these reasons. */
    Plan apply(Plan plan) {
        Map<String, String> reasons = new HashMap<>();
        layers.forEach(layer -> reasons.put(layer.menu().tensor(), layer.reason()));
        return plan.withWeights(
                plan.weights().stream()
                        .map(
                                weight ->
                                        weight.withReason(
                                                reasons.getOrDefault(
                                                        weight.tensor(), weight.reason())))
                        .toList());
    }
}
