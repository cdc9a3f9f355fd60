package dev.fewbit;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.compact.Compaction;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.io.WrittenFiles;
import dev.fewbit.tuning.PlanExecution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes what comes of plans. */
final class ModelWriting {
    private ModelWriting() {}

    /**
     * A written model.
     *
     * @param model the model in memory
     * @param encoded its weights
     * @param bytes size of its files
     */
    record Written(Model model, List<EncodedWeight> encoded, long bytes) {}

    /**
     * Writes a model, whole or not at all.
     *
     * @param model the quantized model
     * @param encoded its weights
     * @param decided the plan before anything was rounded, by which the model is known
     * @param compact whether to leave out what no runtime needs
     */
    static Written write(
            Model model,
            List<EncodedWeight> encoded,
            Plan decided,
            Path target,
            boolean compact,
            int threads,
            Progress progress)
            throws IOException {
        finish(model, decided, compact);
        WrittenFiles written =
                OnnxWriter.write(
                        model,
                        target,
                        WriteOptions.defaults()
                                .withThreads(threads)
                                .withListener(
                                        (done, total) ->
                                                progress.update("quantizing", done, total)));
        return new Written(model, encoded, written.totalBytes());
    }

    /** The size of what would be written; the model is changed. */
    static long bytes(Model model, Plan plan, boolean compact) {
        PlanExecution.apply(model, plan, Measuring.NOTHING, RoundedWeights.NONE);
        finish(model, plan, compact);
        return OnnxWriter.size(model);
    }

    private static void finish(Model model, Plan plan, boolean compact) {
        ModelMetadata.stamp(model, plan);
        if (compact) {
            Compaction.apply(model);
        }
    }
}
