package dev.fewbit.tuning;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.prepare.GraphPreparation;
import dev.fewbit.runtime.constant.RuntimeConstants;
import dev.fewbit.runtime.files.TemporaryFolder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A float model that went through preparation, in a file of its own, to be tried out. */
public final class PreparedModel {
    private final Path file;
    private final List<Preparation> passes;
    private final TemporaryFolder folder;
    private final int threads;

    private PreparedModel(
            Path file, List<Preparation> passes, TemporaryFolder folder, int threads) {
        this.file = file;
        this.passes = passes;
        this.folder = folder;
        this.threads = threads;
    }

    /**
     * Prepares a model.
     *
     * @param source the float model; only read
     * @param passes what to do
     * @param folder where the prepared model and candidates go
     * @param threads threads that write
     */
    public static PreparedModel of(
            Path source, List<Preparation> passes, TemporaryFolder folder, int threads)
            throws IOException {
        Model model = OnnxReader.read(source);
        new GraphPreparation(new RuntimeConstants()).apply(model, passes);
        if (!model.graph().isSorted()) {
            model.graph().sort();
        }
        Path file = folder.file("prepared-" + passes.size() + ".onnx");
        OnnxWriter.write(model, file, WriteOptions.defaults().withThreads(threads));
        return new PreparedModel(file, passes, folder, threads);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** What was done to the model. */
    List<Preparation> passes() {
        return passes;
    }

    /** A fresh copy in memory, weights in the file. */
    public Model read() throws IOException {
        return OnnxReader.read(file);
    }

    /** Writes the model that a plan makes of this one. The next call replaces the file. */
    Path quantized(Plan plan) throws IOException {
        Model model = read();
        PlanExecution.applyPrepared(model, plan, Measuring.NOTHING, RoundedWeights.NONE);
        return write(model, "candidate.onnx");
    }

    /** Writes a model beside this one; a file of that name is replaced. */
    public Path write(Model model, String name) throws IOException {
        Path target = folder.file(name);
        OnnxWriter.write(model, target, WriteOptions.defaults().withThreads(threads));
        return target;
    }
}
