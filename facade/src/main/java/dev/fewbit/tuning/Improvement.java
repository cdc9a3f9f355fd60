package dev.fewbit.tuning;

import dev.fewbit.runtime.calibrate.Observation;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Something that may make a static plan better. It proposes; whether the proposal is taken is
 * decided by what it loses in the model's outputs.
 */
interface Improvement {

    /** Names it in progress and notes, for example {@code bias correction}. */
    String title();

    /** The values of the prepared model whose statistics it needs, beside those of the plan. */
    default List<Observation> observations(Workbench bench) throws IOException {
        return List.of();
    }

    /**
     * A changed candidate.
     *
     * @param bench the prepared model, the samples, and the float model's outputs
     * @param current what there is
     * @return empty if there is nothing to change here
     */
    Optional<Candidate> propose(Workbench bench, Candidate current)
            throws IOException, InterruptedException;

    /** Whether it changes the network, and not just how it is rounded. */
    default boolean corrects() {
        return true;
    }
}
