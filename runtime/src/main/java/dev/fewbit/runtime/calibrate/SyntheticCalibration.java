package dev.fewbit.runtime.calibrate;

import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.random.RandomSamples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.session.SessionSettings.Optimization;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Calibration without data: on random inputs that fit the model. Ranges inside the network come out
 * roughly right at best. Where batch normalization tells mean and deviation of channels, {@link
 * dev.fewbit.core.correct.NormalChannels} are better: put them in with {@link
 * Statistics#withReplaced}.
 */
public final class SyntheticCalibration {

    private SyntheticCalibration() {}

    /**
     * Gathers statistics on random inputs. A warning in them says that the inputs are random.
     *
     * @param preparedModel the float model
     * @param wanted the values to measure, each once
     * @param count number of random samples, at least 1
     * @param seed of the random numbers; the same seed gives the same statistics
     * @param options how
     * @throws RuntimeModelException if ONNX Runtime cannot load the model, or no random inputs are
     *     found that it accepts
     * @throws IOException as {@link Calibration#run} does
     * @throws InterruptedException if the thread is interrupted
     */
    public static Statistics run(
            Path preparedModel,
            List<Observation> wanted,
            int count,
            long seed,
            CalibrationOptions options)
            throws IOException, InterruptedException {
        try (Samples samples = samples(preparedModel, count, seed)) {
            return Calibration.run(preparedModel, wanted, samples, options);
        }
    }

    private static Samples samples(Path model, int count, long seed) throws IOException {
        SessionSettings settings = SessionSettings.withThreads(1).optimized(Optimization.NONE);
        try (ModelSession session = ModelSession.open(model, settings)) {
            return RandomSamples.fitting(session, OnnxReader.read(model).graph(), seed, count);
        }
    }
}
