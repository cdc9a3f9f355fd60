package dev.fewbit.core.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Chooses the kernels, once. Refers to no class that needs the Vector API module. */
final class KernelChoice {

    static final AffineKernels BEST = choose();

    private static final String MODULE = "jdk.incubator.vector";

    private KernelChoice() {}

    private static AffineKernels choose() {
        boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
        // The width may be asked for only where the module is: the class that knows it needs it.
        int bits = present ? VectorShapes.preferredBits() : 0;
        Optional<String> obstacle = obstacle(present, bits);
        if (obstacle.isEmpty()) {
            return new VectorKernels();
        }
        Logger logger = System.getLogger(KernelChoice.class.getName());
        logger.log(Level.INFO, "Quantizing with scalar kernels, slower: {0}", obstacle.get());
        return ScalarKernels.INSTANCE;
    }

    /**
     * Why the vector kernels cannot run.
     *
     * @param modulePresent whether the JVM was started with the Vector API module
     * @param bits width of the vectors that the JVM prefers
     */
    static Optional<String> obstacle(boolean modulePresent, int bits) {
        if (!modulePresent) {
            return Optional.of(
                    "module %1$s is missing; start Java with --add-modules %1$s".formatted(MODULE));
        }
        if (bits < 128) {
            return Optional.of("vectors of %d bits, 128 are needed".formatted(bits));
        }
        return Optional.empty();
    }
}
