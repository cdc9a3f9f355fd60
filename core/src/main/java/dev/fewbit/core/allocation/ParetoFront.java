package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The choices that cannot become smaller without more loss, from the smallest to the one of least
 * loss: the whole trade between size and loss.
 *
 * <p>The lower hull of the front needs no search. Of each item only the options on its own lower
 * hull count; their steps, the item's next larger option each, are taken in the order of loss saved
 * per byte. Each choice on the way is the best of its size. Cost: O(n log n) for n options in all,
 * and a choice for each step.
 */
public final class ParetoFront {

    private ParetoFront() {}

    /**
     * The lower hull of the front of bytes and loss, from the smallest choice to the largest. The
     * loss falls strictly, and by less and less per byte.
     */
    public static List<Choice> of(List<List<Option>> items) {
        return hull(items, Option::bytes);
    }

    /** The same for time and loss, from the fastest choice to the slowest. */
    public static List<Choice> ofSeconds(List<List<Option>> items) {
        return hull(items, option -> Ticks.of(option.seconds()));
    }

    /**
     * The hull, and between its choices the best ones for evenly spaced budgets of bytes, which may
     * lie above the hull.
     *
     * @param budgets how many, from the bytes of the smallest choice to those of the largest
     */
    public static List<Choice> of(List<List<Option>> items, int budgets) {
        List<Choice> hull = of(items);
        List<Choice> all = new ArrayList<>(hull);
        double smallest = hull.getFirst().bytes();
        double span = hull.getLast().bytes() - smallest;
        for (int i = 1; i < budgets - 1; i++) {
            long bytes = (long) (smallest + span * i / (budgets - 1));
            all.add(Allocation.best(items, Budget.none().withBytes(bytes)));
        }
        return undominated(all);
    }

    /** The choices of which no other has as little loss with as few bytes, by size. */
    private static List<Choice> undominated(List<Choice> choices) {
        List<Choice> sorted = new ArrayList<>(choices);
        sorted.sort(Comparator.comparingLong(Choice::bytes).thenComparingDouble(Choice::loss));
        List<Choice> front = new ArrayList<>();
        for (Choice choice : sorted) {
            if (front.isEmpty() || choice.loss() < front.getLast().loss()) {
                front.add(choice);
            }
        }
        return front;
    }

    private static List<Choice> hull(List<List<Option>> items, ToLongFunction<Option> amount) {
        List<Integer> options = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (int item = 0; item < items.size(); item++) {
            List<Integer> hull = OptionHull.of(items.get(item), amount);
            options.add(hull.getFirst());
            for (int i = 1; i < hull.size(); i++) {
                double saved =
                        OptionHull.saving(items.get(item), amount, hull.get(i - 1), hull.get(i));
                steps.add(new Step(item, hull.get(i), saved));
            }
        }
        // The sort is stable: steps of an item stay in order, and items where they save alike.
        steps.sort(Comparator.comparingDouble(Step::saved).reversed());
        List<Choice> front = new ArrayList<>();
        front.add(Choice.of(items, options));
        for (Step step : steps) {
            options.set(step.item, step.option);
            Choice choice = Choice.of(items, options);
            // A step may save less than the rounding of the sum.
            if (choice.loss() < front.getLast().loss()) {
                front.add(choice);
            }
        }
        return front;
    }

    /** An item takes its next larger option, which saves so much loss for each unit. */
    private record Step(int item, int option, double saved) {}
}
