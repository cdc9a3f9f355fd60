package dev.fewbit.runtime.compare;

/** Hears how far a long piece of work is. */
@FunctionalInterface
public interface ProgressListener {

    /** One who does not care. */
    ProgressListener NONE = (phase, done, total) -> {};

    /**
     * Called now and then, on the thread that does the work.
     *
     * @param phase what is being done, in words
     * @param done steps that are done
     * @param total steps in all, or -1 when that is not known
     */
    void progress(String phase, long done, long total);
}
