package dev.fewbit.runtime.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A stream of samples that can be gone through any number of times, the same samples in the same
 * order each time.
 *
 * <p>At most one sample is held in memory, however many there are. Used by one thread at a time.
 */
public interface Samples extends AutoCloseable {

    /** For people: a file name, or how random inputs were drawn. */
    String description();

    /** Whether the inputs are drawn at random. */
    default boolean random() {
        return false;
    }

    /** Number of samples, when it is known without reading them. */
    default OptionalLong count() {
        return OptionalLong.empty();
    }

    /**
     * Hands the samples to a visitor, from the first one until it wants no more.
     *
     * @throws SampleDataException if the data is malformed or does not fit the model
     * @throws IOException if reading fails
     */
    void visit(SampleVisitor visitor) throws IOException;

    /** What was assumed about the data, one sentence each; complete after a visit. */
    List<String> warnings();

    /** The task that the data is made for, where it says so; labels may tell, too. */
    default Optional<TaskSettings> task() {
        return Optional.empty();
    }

    /** How samples may be changed when a network is trained on them. */
    default Augmentation augmentation() {
        return Augmentation.NONE;
    }

    /** Frees files and mappings. */
    @Override
    void close() throws IOException;

    /**
     * The first samples, kept in memory.
     *
     * @param limit how many at most
     * @throws IOException if reading fails
     */
    default List<Sample> first(int limit) throws IOException {
        List<Sample> samples = new ArrayList<>();
        if (limit > 0) {
            visit(
                    sample -> {
                        samples.add(sample);
                        return samples.size() < limit;
                    });
        }
        return samples;
    }
}
