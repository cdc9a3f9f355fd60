package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.OutputSpecification;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.task.Task;
import dev.fewbit.runtime.task.TaskComparison;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs every sample through both models and folds the outputs into their errors. */
final class OutputComparison {

    private static final String ADVICE =
            "Compare a model with one that was made from it: same inputs, same outputs";

    /**
     * What came out.
     *
     * @param metrics how well both do the task, if there is one
     * @param errors one per common output, in the float model's order
     * @param samples number of samples that were run
     * @param warnings what a reader must know
     */
    record Result(
            List<TaskMetric> metrics,
            List<OutputError> errors,
            long samples,
            List<String> warnings) {
        Result {
            metrics = List.copyOf(metrics);
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }

    private final ModelSession original;
    private final ModelSession quantized;
    private final CompareOptions options;
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, OutputAccumulator> outputs = new LinkedHashMap<>();
    private long done;
    private long questions;

    OutputComparison(ModelSession original, ModelSession quantized, CompareOptions options) {
        this.original = original;
        this.quantized = quantized;
        this.options = options;
    }

    /**
     * Compares.
     *
     * @param samples what to run the models on
     * @param task what the models are for, if that is known
     * @throws IOException if the samples cannot be read
     */
    Result run(Samples samples, Optional<Task> task) throws IOException {
        checkInputs();
        chooseOutputs();
        TaskComparison metrics = task.map(TaskComparison::new).orElse(null);
        long limit = options.limit(task.isPresent());
        long total = Math.min(limit, samples.count().orElse(Long.MAX_VALUE));
        samples.visit(
                sample -> {
                    compare(sample, metrics);
                    done++;
                    questions += sample.completes() ? 1 : 0;
                    options.progress().progress("outputs", questions, total);
                    return questions < limit;
                });
        List<OutputError> errors = new ArrayList<>();
        for (OutputAccumulator output : outputs.values()) {
            if (!output.isEmpty()) {
                errors.add(output.error());
            }
            warnings.addAll(output.warnings());
        }
        if (metrics != null) {
            warnings.addAll(metrics.warnings());
        }
        return new Result(metrics == null ? List.of() : metrics.metrics(), errors, done, warnings);
    }

    private void compare(Sample sample, @Nullable TaskComparison metrics)
            throws SampleDataException {
        Map<String, NumberArray> expected = original.run(sample);
        Map<String, NumberArray> found = quantized.run(sample);
        if (metrics != null) {
            metrics.add(sample, expected, found);
        }
        outputs.forEach(
                (name, output) -> {
                    NumberArray x = expected.get(name);
                    NumberArray y = found.get(name);
                    if (x != null && y != null) {
                        output.add(x, y);
                    }
                });
    }

    private void checkInputs() {
        for (InputSpecification input : quantized.inputs().inputs()) {
            Optional<InputSpecification> same = original.inputs().find(input.name());
            if (same.isEmpty() || same.get().type() != input.type()) {
                throw new RuntimeModelException(
                        quantized.name(),
                        "the two models do not take the same inputs; the float model takes "
                                + original.inputs().describe()
                                + ", the quantized one "
                                + quantized.inputs().describe(),
                        ADVICE);
            }
        }
    }

    private void chooseOutputs() {
        Map<String, Optional<NumberType>> others = new LinkedHashMap<>();
        for (OutputSpecification output : quantized.outputs()) {
            others.put(output.name(), output.type());
        }
        for (OutputSpecification output : original.outputs()) {
            Optional<NumberType> other = others.get(output.name());
            if (other == null) {
                warnings.add("the quantized model has no output '" + output.name() + "'");
            } else if (output.type().isEmpty() || other.isEmpty()) {
                warnings.add(
                        "output '" + output.name() + "' cannot be read as numbers; not compared");
            } else {
                outputs.put(output.name(), new OutputAccumulator(output.name()));
            }
        }
        if (outputs.isEmpty()) {
            throw new RuntimeModelException(
                    quantized.name(),
                    "the two models have no output in common that can be compared: "
                            + names(original)
                            + " and "
                            + names(quantized),
                    ADVICE);
        }
    }

    private static List<String> names(ModelSession session) {
        return session.outputs().stream().map(OutputSpecification::name).toList();
    }
}
