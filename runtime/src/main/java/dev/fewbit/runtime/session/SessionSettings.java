package dev.fewbit.runtime.session;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a model is loaded.
 *
 * @param threads threads that compute one operator, at least 1
 * @param optimization what the runtime may rewrite
 * @param profile prefix of the file that the runtime writes its profile to
 * @param optimizedModel where the runtime writes the model that it made of this one
 * @param externalDataFolder where tensors outside the model lie, when it is loaded from memory
 */
public record SessionSettings(
        int threads,
        Optimization optimization,
        Optional<Path> profile,
        Optional<Path> optimizedModel,
        Optional<Path> externalDataFolder) {

    /** What the runtime may rewrite before it runs a model. */
    public enum Optimization {
        /** Nothing. */
        NONE,
        /** What is right on every processor: folding constants, removing what is unused. */
        BASIC,
        /** Also fusions. */
        EXTENDED,
        /** Also memory layouts that suit this processor: the runtime's default. */
        ALL
    }

    /** Rejects a number of threads below 1. */
    public SessionSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, got " + threads);
        }
    }

    /**
     * Default settings.
     *
     * @param threads threads that compute one operator, at least 1
     */
    public static SessionSettings withThreads(int threads) {
        return new SessionSettings(
                threads, Optimization.ALL, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with another level of optimization. */
    public SessionSettings optimized(Optimization level) {
        return new SessionSettings(threads, level, profile, optimizedModel, externalDataFolder);
    }

    /**
     * The same, writing a profile.
     *
     * @param prefix start of the profile's path; the runtime appends the time and {@code .json}
     */
    public SessionSettings profiled(Path prefix) {
        return new SessionSettings(
                threads, optimization, Optional.of(prefix), optimizedModel, externalDataFolder);
    }

    /**
     * The same, writing the optimized model, which shows the kernels that were chosen.
     *
     * @param file where to
     */
    public SessionSettings writingOptimizedModel(Path file) {
        return new SessionSettings(
                threads, optimization, profile, Optional.of(file), externalDataFolder);
    }

    /**
     * The same for a model in memory whose tensors lie in files.
     *
     * @param folder the folder that the model's relative paths start from
     */
    public SessionSettings externalDataIn(Path folder) {
        return new SessionSettings(
                threads, optimization, profile, optimizedModel, Optional.of(folder));
    }
}
