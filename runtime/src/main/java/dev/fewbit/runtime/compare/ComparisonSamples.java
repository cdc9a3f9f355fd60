package dev.fewbit.runtime.compare;

import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.DataFiles;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.random.RandomSamples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.session.SessionSettings.Optimization;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What two models are compared on: data of the user's, or random inputs. */
public final class ComparisonSamples {

    private ComparisonSamples() {}

    /**
     * Opens samples that fit a model.
     *
     * @param model the float model
     * @param data the data, see {@link DataFiles}; empty for random inputs
     * @param seed of the random inputs
     * @param count number of random samples, at least 1
     * @return the samples; close them
     * @throws SampleDataException if the data is malformed or does not fit the model
     * @throws RuntimeModelException if ONNX Runtime cannot load the model, or no random inputs are
     *     found that it accepts
     * @throws IOException if a file cannot be read
     */
    public static Samples open(Path model, Optional<Path> data, long seed, int count)
            throws IOException {
        return open(model, data, DataOptions.defaults().beside(model), seed, count);
    }

    /**
     * The same, knowing more of the data.
     *
     * @param options what there is to know beside the data
     * @throws IOException as above
     */
    public static Samples open(
            Path model, Optional<Path> data, DataOptions options, long seed, int count)
            throws IOException {
        SessionSettings settings = SessionSettings.withThreads(1).optimized(Optimization.NONE);
        try (ModelSession session = ModelSession.open(model, settings)) {
            return data.isPresent()
                    ? DataFiles.open(data.get(), session.inputs(), options)
                    : RandomSamples.fitting(session, OnnxReader.read(model).graph(), seed, count);
        }
    }
}
