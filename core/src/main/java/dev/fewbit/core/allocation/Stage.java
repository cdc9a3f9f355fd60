package dev.fewbit.core.allocation;

import java.util.List;

/** An item that has several options left, and the labels that were made by choosing among them. */
final class Stage {

    final int item;

    /** Places in the problem of the options that are left. */
    final int[] options;

    /** How far the options are apart, in loss at the prices. */
    final double spread;

    /** What the options come to at least and at most. */
    final Extent extent;

    /** Of each label of this stage, the label of the stage before that it was made of. */
    private int[] parents = {};

    /** Of each label of this stage, which of {@link #options} it took. */
    private short[] taken = {};

    Stage(Problem problem, List<Multipliers> prices, int item, int[] options) {
        this.item = item;
        this.options = options;
        this.extent = Extent.of(problem, prices, item, options);
        this.spread =
                prices.getFirst().perByte() * (extent.mostBytes() - extent.leastBytes())
                        + prices.getFirst().perTick() * (extent.mostTicks() - extent.leastTicks());
    }

    void finish(Labels labels) {
        parents = labels.parents();
        taken = labels.taken();
    }

    /**
     * Writes the options of a label into a choice.
     *
     * @param count how many of the stages the label has been through
     * @param label its place among the labels of the last of them
     */
    static void trace(List<Stage> stages, int count, int label, int[] chosen) {
        int at = label;
        for (int s = count - 1; s >= 0; s--) {
            Stage stage = stages.get(s);
            chosen[stage.item] = stage.options[stage.taken[at]];
            at = stage.parents[at];
        }
    }
}
