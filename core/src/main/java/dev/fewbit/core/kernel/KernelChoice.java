package dev.fewbit.core.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Chooses the kernels, once. Refers to no class that needs the Vector API module. */
final class KernelChoice {

    static final AffineKernels BEST = choose();

    /** Chosen alike; the line in the log is for both. */
    static final MatrixKernels BEST_MATRIX =
            modulePresent() ? new WarmingMatrixKernels() : ScalarMatrixKernels.INSTANCE;

    private static final String MODULE = "jdk.incubator.vector";

    private KernelChoice() {}

    private static AffineKernels choose() {
        Optional<String> obstacle = obstacle(modulePresent());
        if (obstacle.isEmpty()) {
            return new WarmingKernels();
        }
        Logger logger = System.getLogger(KernelChoice.class.getName());
        logger.log(Level.INFO, "Quantizing with scalar kernels, slower: {0}", obstacle.get());
        return ScalarKernels.INSTANCE;
    }

    static Optional<AffineKernels> vector() {
        return modulePresent() ? Optional.of(new VectorKernels()) : Optional.empty();
    }

    static Optional<MatrixKernels> vectorMatrix() {
        return modulePresent() ? Optional.of(new VectorMatrixKernels()) : Optional.empty();
    }

    private static boolean modulePresent() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /**
     * Why the vector kernels cannot run.
     *
     * @param modulePresent whether the JVM was started with the Vector API module
     */
    static Optional<String> obstacle(boolean modulePresent) {
        return modulePresent
                ? Optional.empty()
                : Optional.of(
                        "module %1$s is missing; start Java with --add-modules %1$s"
                                .formatted(MODULE));
    }
}
