package dev.fewbit.planning.integer;

import dev.fewbit.FewbitException;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.statistics.OctaveHistogram;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport.FloatOnly;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;
import dev.fewbit.runtime.calibrate.Statistics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds scale and zero point of every quantized value from the statistics. */
final class ActivationLevels {
    private final Constants constants;
    private final Statistics statistics;
    private final IntegerChoices choices;
    private final FoundLevels levels;
    private final Map<Value, ActivationPlan> bySource = new HashMap<>();
    private final Map<Value, Seen> seen = new LinkedHashMap<>();

    /** What was seen of a value, if it was any number but zero or of a mask. */
    private record Seen(FoundLevels.Request request, boolean masked) {}

    ActivationLevels(
            Constants constants,
            Statistics statistics,
            IntegerChoices choices,
            FoundLevels levels) {
        this.constants = constants;
        this.statistics = statistics;
        this.choices = choices;
        this.levels = levels;
    }

    /**
     * The plans of values.
     *
     * @param sources each value with the one that decides its levels
     */
    List<ActivationPlan> of(Map<Value, Value> sources) {
        for (Value source : sources.values()) {
            if (constants.resolve(source).isEmpty()) {
                seen.computeIfAbsent(source, this::look);
            }
        }
        levels.findAll(
                seen.values().stream()
                        .map(Seen::request)
                        .filter(request -> request.values().count() > 0)
                        .toList());
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
        Seen known = seen.computeIfAbsent(value, this::look);
        FoundLevels.Request request = known.request();
        OctaveHistogram values = request.values();
        if (values.count() == 0) {
            return plan(value, zero(), request.range(), "nothing but zeros or a mask was seen");
        }
        return plan(
                value,
                levels.find(request),
                request.range(),
                "values of %.4g to %.4g were seen%s"
                        .formatted(
                                values.minimum(),
                                values.maximum(),
                                known.masked() ? ", and the huge ones of a mask" : ""));
    }

    private Seen look(Value value) {
        TensorStatistics found =
                statisticsOf(value)
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
        return new Seen(new FoundLevels.Request(found, values, range, choices.format()), masked);
    }

    /**
     * Statistics of a value, or those of the one that its numbers come from: which of several
     * values with the same numbers is asked for depends on the nodes that stay float.
     */
    private Optional<TensorStatistics> statisticsOf(Value value) {
        Optional<TensorStatistics> own = statistics.find(value.name());
        Node producer = value.producer();
        Value input = producer == null ? null : producer.input(0);
        if (own.isPresent() || producer == null || input == null) {
            return own;
        }
        return switch (IntegerOperators.of(producer, constants)) {
            case MovesData _ -> statisticsOf(input);
            case Limits limits ->
                    statisticsOf(input).map(each -> each.clamped(limits.low(), limits.high()));
            case Kernel _, FloatOnly _ -> own;
        };
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
