package dev.fewbit.core.allocation;

import java.util.List;
import java.util.PriorityQueue;

/**
 * Makes the labels of a stage: for each of its options the labels before, moved by what the option
 * takes, merged from best to worst, without those that are out of reach or no better than one that
 * takes no more.
 *
 * <p>Better is: less loss, then fewer bytes, then less time, then lower indices in the order of the
 * items. What is added later moves two labels alike, so that the order stays.
 */
final class Merge {

    private final Problem problem;
    private final Reach reach;
    private final List<Stage> stages;
    private final int count;
    private final Stage stage;
    private final Labels before;
    private final Extent ahead;
    private long made;

    /**
     * Prepares a stage.
     *
     * @param count how many stages came before
     * @param before the labels that they left
     * @param ahead what comes after
     */
    Merge(
            Problem problem,
            Reach reach,
            List<Stage> stages,
            int count,
            Labels before,
            Extent ahead) {
        this.problem = problem;
        this.reach = reach;
        this.stages = stages;
        this.count = count;
        this.stage = stages.get(count);
        this.before = before;
        this.ahead = ahead;
    }

    /** Labels within reach that were looked at. */
    long made() {
        return made;
    }

    Labels run() {
        Staircase staircase = new Staircase(problem.limitsBytes, problem.limitsTicks);
        Labels labels = new Labels();
        PriorityQueue<Head> heads = new PriorityQueue<>(this::compare);
        for (int option = 0; option < stage.options.length; option++) {
            Head head = new Head(option);
            if (head.next()) {
                heads.add(head);
            }
        }
        while (!heads.isEmpty()) {
            Head head = heads.remove();
            made++;
            if (staircase.admits(head.bytes, head.ticks)) {
                labels.add(head.loss, head.bytes, head.ticks, head.parent, head.option);
            }
            if (head.next()) {
                heads.add(head);
            }
        }
        return labels;
    }

    private int compare(Head a, Head b) {
        int order = Double.compare(a.loss, b.loss);
        if (order == 0) {
            order = Long.compare(a.bytes, b.bytes);
        }
        if (order == 0) {
            order = Long.compare(a.ticks, b.ticks);
        }
        return order != 0 ? order : compareIndices(a, b);
    }

    private int compareIndices(Head a, Head b) {
        int[] first = indices(a);
        int[] second = indices(b);
        for (int item = 0; item < first.length; item++) {
            int order =
                    Integer.compare(
                            problem.index[item][first[item]], problem.index[item][second[item]]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int[] indices(Head head) {
        int[] chosen = new int[problem.items()];
        Stage.trace(stages, count, head.parent, chosen);
        chosen[stage.item] = stage.options[head.option];
        return chosen;
    }

    /** The next label that an option makes. */
    private final class Head {
        private final int option;
        private final double addedLoss;
        private final long addedBytes;
        private final long addedTicks;
        private int parent = -1;
        private double loss;
        private long bytes;
        private long ticks;

        Head(int option) {
            this.option = option;
            int k = stage.options[option];
            addedLoss = problem.loss[stage.item][k];
            addedBytes = problem.bytes[stage.item][k];
            addedTicks = problem.ticks[stage.item][k];
        }

        /** Goes to the next label within reach; false after the last. */
        boolean next() {
            while (++parent < before.size()) {
                loss = before.loss(parent) + addedLoss;
                bytes = before.bytes(parent) + addedBytes;
                ticks = before.ticks(parent) + addedTicks;
                if (reach.allows(loss, bytes, ticks, ahead)) {
                    return true;
                }
            }
            return false;
        }
    }
}
