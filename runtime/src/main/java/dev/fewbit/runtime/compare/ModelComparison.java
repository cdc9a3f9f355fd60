package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.probe.ProcessProbe;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.task.Task;
import dev.fewbit.runtime.task.TaskSelection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a float model and its quantized counterpart on the same inputs and measures what differs.
 *
 * <p>Output errors and the task's metric are gathered sample by sample; memory grows by a number or
 * two for every question of a task. Latency, load time, memory and kernels are taken on the first
 * sample. Errors do not depend on the number of threads beyond what the runtime's own kernels do.
 */
public final class ModelComparison {

    private final Path original;
    private final Path quantized;
    private final Samples samples;
    private final CompareOptions options;
    private final Set<String> warnings = new LinkedHashSet<>();

    private ModelComparison(
            Path original, Path quantized, Samples samples, CompareOptions options) {
        this.original = original;
        this.quantized = quantized;
        this.samples = samples;
        this.options = options;
    }

    /**
     * Compares two models.
     *
     * @param original the float model
     * @param quantized the quantized model; takes the same inputs
     * @param samples what to run them on, fitted to the float model's inputs
     * @param options how much to measure
     * @throws RuntimeModelException if ONNX Runtime cannot load or run one of the models, or they
     *     do not take the same inputs or give no common output
     * @throws IOException if a file cannot be read, or the samples do not fit the model
     * @throws InterruptedException if the thread is interrupted
     */
    public static Comparison run(
            Path original, Path quantized, Samples samples, CompareOptions options)
            throws IOException, InterruptedException {
        return new ModelComparison(original, quantized, samples, options).run();
    }

    private Comparison run() throws IOException, InterruptedException {
        List<Sample> kept = samples.first(Math.max(options.layerSamples(), 1));
        if (kept.isEmpty()) {
            throw new IOException(samples.description() + ": there is no sample to run");
        }
        OutputComparison.Result outputs;
        Latency.Pair latency;
        try (ModelSession first = open(original);
                ModelSession second = open(quantized)) {
            Optional<Task> task = task(first, kept);
            outputs = new OutputComparison(first, second, options).run(samples, task);
            latency = latency(first, second, kept.getFirst());
        }
        warnings.addAll(outputs.warnings());
        warnings.addAll(samples.warnings());
        List<LayerError> layers = options.layerSamples() == 0 ? List.of() : layers(kept);
        Performance originalSpeed = performance(original, kept.getFirst(), latency.first());
        Performance quantizedSpeed = performance(quantized, kept.getFirst(), latency.second());
        return new Comparison(
                new Comparison.Inputs(
                        samples.description(),
                        Math.toIntExact(outputs.samples()),
                        samples.random()),
                outputs.metrics(),
                outputs.errors(),
                layers,
                originalSpeed,
                quantizedSpeed,
                ModelSession.runtimeVersion(),
                options.threads(),
                Processor.current().describe(),
                List.copyOf(warnings));
    }

    private Optional<Task> task(ModelSession session, List<Sample> kept) throws IOException {
        if (options.task() == TaskChoice.NONE) {
            return Optional.empty();
        }
        Model model = OnnxReader.read(original);
        TaskSelection.Result selected =
                TaskSelection.choose(
                        options.task(),
                        samples,
                        kept,
                        session.run(kept.getFirst()),
                        key -> model.metadata(key).orElse(""));
        warnings.addAll(selected.warnings());
        return selected.task();
    }

    private ModelSession open(Path model) {
        options.progress().progress("loading " + model.getFileName(), 0, 1);
        return ModelSession.open(model, SessionSettings.withThreads(options.threads()));
    }

    private Latency.Pair latency(ModelSession first, ModelSession second, Sample sample) {
        if (options.latencyRuns() == 0) {
            Latency none = new Latency(-1, -1, -1);
            return new Latency.Pair(none, none);
        }
        options.progress().progress("latency", 0, 1);
        try (PreparedRun firstRun = first.prepare(sample);
                PreparedRun secondRun = second.prepare(sample)) {
            Latency.Pair pair =
                    Latency.interleaved(
                            firstRun::run,
                            secondRun::run,
                            options.latencyRuns(),
                            options.latencyBudget().toNanos(),
                            System::nanoTime);
            options.progress().progress("latency", 1, 1);
            return pair;
        }
    }

    private List<LayerError> layers(List<Sample> kept) {
        try {
            List<LayerValue> values =
                    LayerSelection.choose(
                            OnnxReader.read(original).graph(), OnnxReader.read(quantized).graph());
            if (values.isEmpty()) {
                warnings.add("the two graphs have no inner values of the same name to compare");
            }
            return new LayerErrors(original, quantized, kept, options).measure(values);
        } catch (IOException | RuntimeModelException failure) {
            warnings.add("the error per layer could not be measured: " + failure.getMessage());
            return new ArrayList<>();
        }
    }

    private Performance performance(Path model, Sample sample, Latency latency)
            throws InterruptedException {
        ProcessProbe.Result probe = new ProcessProbe.Result(-1, -1, "");
        if (options.loadTimes()) {
            options.progress().progress("memory of " + model.getFileName(), 0, 1);
            probe = ProcessProbe.measure(model, sample, options.threads());
            if (!probe.problem().isEmpty()) {
                warnings.add(
                        "load time or memory of "
                                + model.getFileName()
                                + " could not be measured: "
                                + probe.problem());
            }
        }
        return new Performance(
                probe.loadMillis(),
                latency.median(),
                latency.low(),
                latency.high(),
                probe.memoryBytes(),
                kernels(model, sample));
    }

    private List<Kernel> kernels(Path model, Sample sample) {
        if (!options.kernels()) {
            return List.of();
        }
        options.progress().progress("kernels of " + model.getFileName(), 0, 1);
        try {
            return KernelProfile.measure(model, sample, options.threads());
        } catch (IOException failure) {
            warnings.add(
                    "the kernels of "
                            + model.getFileName()
                            + " could not be listed: "
                            + failure.getMessage());
            return List.of();
        }
    }
}
