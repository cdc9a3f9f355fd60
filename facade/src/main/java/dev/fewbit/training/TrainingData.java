package dev.fewbit.training;

import dev.fewbit.runtime.data.Augmentation;
import dev.fewbit.train.loop.Batches;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples to train on, and samples that are held back.
 *
 * @param training the former, in another order in every epoch
 * @param validation the latter
 * @param trained number of the former
 * @param heldBack number of the latter
 * @param batch samples of a step at most
 */
record TrainingData(Batches training, Batches validation, int trained, int heldBack, int batch) {
    /** How often to go through the data unless said otherwise. */
    static final int EPOCHS = 20;

    /** Steps at least unless said otherwise. */
    static final long FEWEST_STEPS = 500;

    /** One sample in so many is held back. */
    private static final int SHARE = 20;

    /** More are not held back: they tell enough. */
    private static final int MOST_HELD_BACK = 1000;

    /** With fewer samples, all serve for both. */
    private static final int ENOUGH = 40;

    private static final int LARGEST_BATCH = 128;
    private static final int USUAL_BATCH = 32;

    /** Bytes of a sample up to which batches are large. */
    private static final long SMALL_SAMPLE = 64 << 10;

    /** Divides the samples. */
    static TrainingData of(SampleSpool spool, TrainingRequest request, Augmentation augmentation) {
        List<Integer> training = new ArrayList<>();
        List<Integer> validation = new ArrayList<>();
        for (int i = 0; i < spool.size(); i++) {
            boolean held =
                    spool.size() >= ENOUGH
                            && i % SHARE == SHARE - 1
                            && validation.size() < MOST_HELD_BACK;
            (held ? validation : training).add(i);
        }
        if (validation.isEmpty()) {
            validation.addAll(training);
        }
        int batch = request.batch().orElse(usual(spool));
        return new TrainingData(
                new SpooledBatches(spool, training, batch, request.seed(), true, augmentation),
                new SpooledBatches(
                        spool, validation, batch, request.seed(), false, Augmentation.NONE),
                training.size(),
                validation.size(),
                batch);
    }

    private static int usual(SampleSpool spool) {
        SampleSpool.Entry first = spool.entry(0);
        long bytes = first.inputs().stream().mapToLong(SampleSpool.Input::size).sum();
        boolean pictures = first.inputs().getFirst().shape().length == 4;
        return pictures && bytes <= SMALL_SAMPLE ? LARGEST_BATCH : USUAL_BATCH;
    }
}
