package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.TaskChoice;

import java.time.Duration;

/**
 * How much a comparison measures.
 *
 * @param threads threads that each model is given, at least 1
 * @param maximumSamples questions to ask, at least 1 (a pair of sentences is one), or {@link
 *     #AUTOMATIC}: 10,000 where the data has a task, 256 otherwise
 * @param layerSamples samples to run for the errors inside the network; 0 leaves them out
 * @param latencyRuns most runs of each model for the latency; 0 leaves it out
 * @param latencyBudget time that the latency may take in all
 * @param loadTimes whether load time and memory are measured, in a process of their own
 * @param kernels whether a profiled run says which kernels the runtime chose
 * @param task which task's metric is wanted
 * @param progress hears how far the comparison is
 */
public record CompareOptions(
        int threads,
        int maximumSamples,
        int layerSamples,
        int latencyRuns,
        Duration latencyBudget,
        boolean loadTimes,
        boolean kernels,
        TaskChoice task,
        ProgressListener progress) {

    /** As many samples as say enough. */
    public static final int AUTOMATIC = 0;

    /** Most questions of a task that are asked unless more are wanted. */
    static final int TASK_SAMPLES = 10_000;

    /** Samples that tell the errors of the outputs well enough. */
    static final int PLAIN_SAMPLES = 256;

    /** Rejects what cannot be measured. */
    public CompareOptions {
        atLeast("threads", threads, 1);
        atLeast("maximumSamples", maximumSamples, AUTOMATIC);
        atLeast("layerSamples", layerSamples, 0);
        atLeast("latencyRuns", latencyRuns, 0);
        if (latencyBudget.isNegative()) {
            throw new IllegalArgumentException("latencyBudget is negative: " + latencyBudget);
        }
    }

    /**
     * Everything is measured, the task's metric if there is one: 8 samples per layer, latency in
     * about 4 seconds, on as many threads as the processor has cores.
     */
    public static CompareOptions defaults() {
        return new CompareOptions(
                Processor.current().cores(),
                AUTOMATIC,
                8,
                200,
                Duration.ofSeconds(4),
                true,
                true,
                TaskChoice.AUTO,
                ProgressListener.NONE);
    }

    /** The same on another number of threads. */
    public CompareOptions withThreads(int count) {
        return new CompareOptions(
                count,
                maximumSamples,
                layerSamples,
                latencyRuns,
                latencyBudget,
                loadTimes,
                kernels,
                task,
                progress);
    }

    /** The same with another number of samples, for the outputs and for the layers. */
    public CompareOptions withSamples(int forOutputs, int forLayers) {
        return new CompareOptions(
                threads,
                forOutputs,
                forLayers,
                latencyRuns,
                latencyBudget,
                loadTimes,
                kernels,
                task,
                progress);
    }

    /** The same with other limits on the latency measurement. */
    public CompareOptions withLatency(int runs, Duration budget) {
        return new CompareOptions(
                threads,
                maximumSamples,
                layerSamples,
                runs,
                budget,
                loadTimes,
                kernels,
                task,
                progress);
    }

    /** The same with load time and memory, and kernels, measured or left out. */
    public CompareOptions measuring(boolean loads, boolean kernelProfile) {
        return new CompareOptions(
                threads,
                maximumSamples,
                layerSamples,
                latencyRuns,
                latencyBudget,
                loads,
                kernelProfile,
                task,
                progress);
    }

    /** The same with another task. */
    public CompareOptions withTask(TaskChoice choice) {
        return new CompareOptions(
                threads,
                maximumSamples,
                layerSamples,
                latencyRuns,
                latencyBudget,
                loadTimes,
                kernels,
                choice,
                progress);
    }

    /** Questions to ask. */
    long limit(boolean hasTask) {
        if (maximumSamples != AUTOMATIC) {
            return maximumSamples;
        }
        return hasTask ? TASK_SAMPLES : PLAIN_SAMPLES;
    }

    /** The same with another listener. */
    public CompareOptions withProgress(ProgressListener listener) {
        return new CompareOptions(
                threads,
                maximumSamples,
                layerSamples,
                latencyRuns,
                latencyBudget,
                loadTimes,
                kernels,
                task,
                listener);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + " must be " + least + " or more, got " + value);
        }
    }
}
