package dev.fewbit.runtime.data;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Samples of which a description says how they may be changed when a network is trained on them.
 */
final class AugmentedSamples implements Samples {
    /** Names of the fields that say so. */
    static final List<String> FIELDS = List.of("augment-flip", "augment-crop");

    private final Samples samples;
    private final Augmentation augmentation;

    private AugmentedSamples(Samples samples, Augmentation augmentation) {
        this.samples = samples;
        this.augmentation = augmentation;
    }

    /** What a description says. */
    static Augmentation read(YamlFields fields) throws SampleDataException {
        return new Augmentation(
                fields.choice("augment-flip", PictureDescription.YES_OR_NO, false),
                fields.integer("augment-crop", 0).orElse(0));
    }

    /** The samples with this. */
    static Samples of(Samples samples, Augmentation augmentation) {
        return augmentation.equals(Augmentation.NONE)
                ? samples
                : new AugmentedSamples(samples, augmentation);
    }

    @Override
    public String description() {
        return samples.description();
    }

    @Override
    public boolean random() {
        return samples.random();
    }

    @Override
    public OptionalLong count() {
        return samples.count();
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        samples.visit(visitor);
    }

    @Override
    public List<String> warnings() {
        return samples.warnings();
    }

    @Override
    public Optional<TaskSettings> task() {
        return samples.task();
    }

    @Override
    public Augmentation augmentation() {
        return augmentation;
    }

    @Override
    public void close() throws IOException {
        samples.close();
    }
}
