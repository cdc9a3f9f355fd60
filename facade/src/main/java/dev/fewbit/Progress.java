package dev.fewbit;

/**
 * Told how far long work has come. May be called from several threads, though never by two at once.
 */
@FunctionalInterface
public interface Progress {
    /** Listens to nothing. */
    Progress NONE = (stage, done, total) -> {};

    /**
     * Some work was done.
     *
     * @param stage what is being done, for people
     * @param done work done so far, in units of the stage
     * @param total all work of the stage, in the same units
     */
    void update(String stage, long done, long total);
}
