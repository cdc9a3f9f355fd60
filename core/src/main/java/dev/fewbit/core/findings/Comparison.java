package dev.fewbit.core.findings;

import java.util.List;
import java.util.Optional;

/**
 * The float and the quantized model run side by side in ONNX Runtime on the same inputs.
 *
 * @param inputs what they were run on
 * @param metrics how well both do their task, the one that counts first; empty where the data says
 *     nothing of a task
 * @param outputs error of every model output
 * @param layers error inside the network, at every value that both models have, in execution order
 * @param original speed and memory of the float model
 * @param quantized speed and memory of the quantized model
 * @param runtimeVersion version of ONNX Runtime
 * @param threads threads that each model was given
 * @param processor processor and instruction sets that mattered, in words
 * @param warnings what a reader must know to trust the figures
 */
public record Comparison(
        Inputs inputs,
        List<TaskMetric> metrics,
        List<OutputError> outputs,
        List<LayerError> layers,
        Performance original,
        Performance quantized,
        String runtimeVersion,
        int threads,
        String processor,
        List<String> warnings) {

    /** Copies the lists. */
    public Comparison {
        metrics = List.copyOf(metrics);
        outputs = List.copyOf(outputs);
        layers = List.copyOf(layers);
        warnings = List.copyOf(warnings);
    }

    /** A comparison that knows of no task. */
    public Comparison(
            Inputs inputs,
            List<OutputError> outputs,
            List<LayerError> layers,
            Performance original,
            Performance quantized,
            String runtimeVersion,
            int threads,
            String processor,
            List<String> warnings) {
        this(
                inputs,
                List.of(),
                outputs,
                layers,
                original,
                quantized,
                runtimeVersion,
                threads,
                processor,
                warnings);
    }

    /** The same without warnings that were given already. */
    public Comparison withoutWarnings(List<String> given) {
        return new Comparison(
                inputs,
                metrics,
                outputs,
                layers,
                original,
                quantized,
                runtimeVersion,
                threads,
                processor,
                warnings.stream().filter(warning -> !given.contains(warning)).toList());
    }

    /** The metric that counts; empty where the data says nothing of a task. */
    public Optional<TaskMetric> metric() {
        return metrics.stream().findFirst();
    }

    /**
     * What the models were run on.
     *
     * @param description for people: a file name, or how random inputs were drawn
     * @param samples number of samples
     * @param random whether the inputs were drawn at random, so that errors say little about real
     *     use
     */
    public record Inputs(String description, int samples, boolean random) {}

    /**
     * Error of one model output over all samples.
     *
     * @param name name of the output
     * @param sqnrDecibels signal-to-quantization-noise ratio in dB over all elements
     * @param cosineMean mean over the samples of the cosine between float and quantized output
     * @param cosineMinimum smallest cosine of a sample
     * @param maximumError largest absolute difference
     * @param topOneAgreement share of samples (rows of the last axis) whose largest element is the
     *     same
     */
    public record OutputError(
            String name,
            double sqnrDecibels,
            double cosineMean,
            double cosineMinimum,
            double maximumError,
            double topOneAgreement) {}

    /**
     * Error at one value inside the network.
     *
     * @param value name of the value
     * @param node name of the node that computes it in the float model
     * @param operator operator of that node
     * @param sqnrDecibels signal-to-quantization-noise ratio in dB, error of earlier layers
     *     included
     * @param cosine cosine over all elements
     */
    public record LayerError(
            String value, String node, String operator, double sqnrDecibels, double cosine) {}

    /**
     * Speed and memory of one model.
     *
     * @param loadMillis time to create the session
     * @param latencyMillis median time of one inference, the two models interleaved
     * @param latencyLowMillis 10th percentile of that time
     * @param latencyHighMillis 90th percentile of that time
     * @param memoryBytes resident memory that loading and running the model added to a process of
     *     its own; negative when it could not be measured
     * @param kernels kernels that the runtime really ran, by time, longest first
     */
    public record Performance(
            double loadMillis,
            double latencyMillis,
            double latencyLowMillis,
            double latencyHighMillis,
            long memoryBytes,
            List<Kernel> kernels) {

        /** Copies the kernels. */
        public Performance {
            kernels = List.copyOf(kernels);
        }
    }

    /**
     * One kind of kernel in the optimized graph.
     *
     * @param operator operator after the runtime's own optimizations, for example {@code
     *     MatMulNBits}
     * @param count number of nodes that ran it
     * @param timeShare share of the inference time, 0 to 1
     */
    public record Kernel(String operator, int count, double timeShare) {}
}
