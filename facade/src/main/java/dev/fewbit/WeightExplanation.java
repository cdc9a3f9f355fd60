package dev.fewbit;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Pending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What was done to the weights of a model that was quantized earlier, found out by doing it again
 * without writing.
 *
 * @param findings the quantized weights
 * @param skipped the others
 */
record WeightExplanation(List<WeightFinding> findings, List<SkippedWeight> skipped) {
    static final WeightExplanation NONE = new WeightExplanation(List.of(), List.of());

    /**
     * Carries the plan out in memory, one weight after the other.
     *
     * @param model the float model; is changed
     */
    static WeightExplanation measure(Model model, Plan plan) throws IOException {
        List<WeightFinding> findings = new ArrayList<>();
        for (EncodedWeight weight : new ModelEncoder(model, Measuring.DISTRIBUTIONS).encode(plan)) {
            weight.filler().fill(Discarding.INSTANCE);
            findings.add(WeightFindings.of(weight));
        }
        return new WeightExplanation(findings, plan.skipped());
    }

    /** Where bytes go that nobody needs. */
    private enum Discarding implements FillContext {
        INSTANCE;

        @Override
        public void write(Pending tensor, long byteOffset, ByteBuffer bytes) {}

        @Override
        public void parallel(int tasks, Task task) throws IOException {
            for (int index = 0; index < tasks; index++) {
                task.run(index);
            }
        }
    }
}
