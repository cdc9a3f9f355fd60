package dev.fewbit.planning.integer;

import dev.fewbit.FewbitException;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.statistics.OctaveHistogram;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.calibrate.Statistics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds scale and zero point of every quantized value from the statistics. */
final class ActivationLevels {
    private final Constants constants;
    private final Statistics statistics;
    private final IntegerChoices choices;
    private final Map<Value, ActivationPlan> bySource = new HashMap<>();

    ActivationLevels(Constants constants, Statistics statistics, IntegerChoices choices) {
        this.constants = constants;
        this.statistics = statistics;
        this.choices = choices;
    }

    /**
     * The plans of values.
     *
     * @param sources each value with the one that decides its levels
     */
    List<ActivationPlan> of(Map<Value, Value> sources) {
        List<ActivationPlan> plans = new ArrayList<>();
        sources.forEach(
                (value, source) -> {
                    ActivationPlan plan = bySource.computeIfAbsent(source, this::find);
                    plans.add(value == source ? plan : moved(value, plan));
                });
        return plans;
    }

    private static ActivationPlan moved(Value value, ActivationPlan source) {
        return new ActivationPlan(
                value.name(),
                source.format(),
                source.parameters(),
                source.range(),
                "moved from " + source.value());
    }

    private ActivationPlan find(Value value) {
        Tensor constant = constants.resolve(value).orElse(null);
        if (constant != null) {
            return ofConstant(value, constant);
        }
        TensorStatistics found =
                statistics
                        .find(value.name())
                        .orElseThrow(
                                () ->
                                        new FewbitException(
                                                "the statistics know nothing of value '"
                                                        + value
                                                        + "'; calibrate again with this model and"
                                                        + " these options"));
        OctaveHistogram values = found.distribution();
        boolean masked = values.mask().isPresent();
        if (masked) {
            values = values.withoutMask();
        }
        ActivationRange range = choices.ranges().getOrDefault(value.name(), choices.range());
        if (values.count() == 0) {
            return plan(value, zero(), range, "nothing but zeros or a mask was seen");
        }
        return plan(
                value,
                ActivationRanges.find(values, range, choices.format()),
                range,
                "values of %.4g to %.4g were seen%s"
                        .formatted(
                                values.minimum(),
                                values.maximum(),
                                masked ? ", and the huge ones of a mask" : ""));
    }

    private AffineParameters zero() {
        return AffineParameters.of(0, 0, choices.format());
    }

    private ActivationPlan plan(
            Value value, AffineParameters parameters, ActivationRange range, String reason) {
        return new ActivationPlan(
                value.name(), choices.format(), parameters, range.label(), reason);
    }

    private ActivationPlan ofConstant(Value value, Tensor constant) {
        float low = 0;
        float high = 0;
        try {
            for (float each : constant.floats()) {
                low = Math.min(low, each);
                high = Math.max(high, each);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return plan(
                value,
                AffineParameters.of(low, high, choices.format()),
                new ActivationRange.MinMax(),
                "a constant");
    }
}
