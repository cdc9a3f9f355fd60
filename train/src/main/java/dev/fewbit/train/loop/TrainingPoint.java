package dev.fewbit.train.loop;

/**
 * How far a training was at an evaluation.
 *
 * @param step steps done
 * @param trainingLoss mean loss of the steps since the last evaluation; NaN before the first step
 * @param loss mean loss of the samples that are held back
 * @param accuracy share of them that is classified right; NaN without labels
 */
public record TrainingPoint(long step, double trainingLoss, double loss, double accuracy) {

    /** Whether it is better than another: by accuracy where there is one, then by loss. */
    public boolean isBetterThan(TrainingPoint other) {
        if (Double.isNaN(accuracy) || accuracy == other.accuracy) {
            return loss < other.loss || Double.isNaN(other.loss);
        }
        return accuracy > other.accuracy;
    }
}
