package dev.fewbit.core.allocation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the best choice among those whose loss is at most some excess above the bound of the
 * prices, or finds that there is none: item after item, every partial choice is a label (loss,
 * bytes, ticks), and only labels stay that are within {@link Reach} and better than every label
 * that takes no more of the budget.
 *
 * <p>Few items have more than one option left at a small excess, so that few labels are made
 * although the number of choices is astronomical (the idea of a core: Pisinger, A minimal algorithm
 * for the multiple-choice knapsack problem, 1995).
 *
 * <p>The number of labels is bounded. Where more are needed, the cheapest at the prices stay: the
 * result is then a good choice but maybe not the best, and {@link #complete} is false.
 */
final class LabelSearch {

    private final Problem problem;
    private final Multipliers prices;

    /** How much dearer than the cheapest an option may be. */
    private final double excess;

    private final Reach reach;
    private final long mostLabels;
    private long made;
    private boolean complete = true;

    /**
     * Prepares a search.
     *
     * @param excess how far above the bound the loss may be
     * @param mostLabels the most labels that may be made
     */
    LabelSearch(Problem problem, Bound bound, double excess, long mostLabels) {
        this.problem = problem;
        this.prices = bound.prices();
        this.excess = excess + bound.tolerance();
        this.reach = new Reach(problem, prices, bound.loss() + this.excess);
        this.mostLabels = mostLabels;
    }

    /** Whether no label was given up that could lead to a better choice. */
    boolean complete() {
        return complete;
    }

    /** Labels that were made. */
    long made() {
        return made;
    }

    /** Places in the problem of the best choice, or {@code null} if none was found. */
    int @Nullable [] run() {
        int[] chosen = new int[problem.items()];
        List<Stage> stages = new ArrayList<>();
        Extent settled = Extent.nothing(reach.prices().size());
        double settledLoss = 0;
        for (int item = 0; item < chosen.length; item++) {
            int[] options = withinExcess(item);
            if (options.length > 1) {
                stages.add(new Stage(problem, reach.prices(), item, options));
            } else {
                chosen[item] = options[0];
                settled = settled.plus(Extent.of(problem, reach.prices(), item, options));
                settledLoss += problem.loss[item][options[0]];
            }
        }
        // Wide choices first: what is left then tells early which labels miss the budget.
        stages.sort((a, b) -> Double.compare(b.spread, a.spread));
        List<Extent> ahead = ahead(stages);
        Extent all = ahead.getFirst();

        if (!reach.allows(settledLoss, settled.leastBytes(), settled.leastTicks(), all)) {
            return null;
        }
        Labels labels = new Labels();
        labels.add(settledLoss, settled.leastBytes(), settled.leastTicks(), 0, 0);
        long optionsAhead = stages.stream().mapToLong(stage -> stage.options.length).sum();
        for (int s = 0; s < stages.size() && labels.size() > 0; s++) {
            Stage stage = stages.get(s);
            Merge merge = new Merge(problem, reach, stages, s, labels, ahead.get(s + 1));
            labels = merge.run();
            made += merge.made();
            optionsAhead -= stage.options.length;
            if (s + 1 < stages.size()) {
                narrow(labels, stages.get(s + 1).options.length, optionsAhead);
            }
            stage.finish(labels);
        }
        if (labels.size() == 0) {
            return null;
        }
        Stage.trace(stages, stages.size(), 0, chosen);
        return chosen;
    }

    /**
     * Keeps so few labels that the stages to come cannot make more than are left to be made. Half
     * of them are there to be spent where many are needed for a while.
     */
    private void narrow(Labels labels, int optionsNext, long optionsAhead) {
        long even = (mostLabels - made) / optionsAhead;
        long burst = (mostLabels / 2 - made) / (4L * optionsNext);
        int width = Math.clamp(Math.max(even, burst), 1, Integer.MAX_VALUE);
        if (labels.size() > width) {
            complete = false;
            labels.keepCheapest(prices, width);
        }
    }

    /** For each stage, what it and those after it come to; nothing after the last. */
    private List<Extent> ahead(List<Stage> stages) {
        Extent[] extents = new Extent[stages.size() + 1];
        extents[stages.size()] = Extent.nothing(reach.prices().size());
        for (int s = stages.size() - 1; s >= 0; s--) {
            extents[s] = extents[s + 1].plus(stages.get(s).extent);
        }
        return List.of(extents);
    }

    /** The options of an item that are not too dear at the prices. */
    private int[] withinExcess(int item) {
        int count = problem.loss[item].length;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < count; k++) {
            least = Math.min(least, prices.cost(problem, item, k));
        }
        int[] kept = new int[count];
        int size = 0;
        for (int k = 0; k < count; k++) {
            if (prices.cost(problem, item, k) - least <= excess) {
                kept[size++] = k;
            }
        }
        return Arrays.copyOf(kept, size);
    }
}
