package dev.fewbit.planning.integer;

import dev.fewbit.FewbitException;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.format.Affine;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds scale and zero point of every quantized value from the statistics. */
final class ActivationLevels {
    private final Constants constants;
    private final Statistics statistics;
    private final IntegerChoices choices;
    private final FoundLevels levels;
    private final Map<Wanted, ActivationPlan> plans = new HashMap<>();
    private final Map<Value, Seen> seen = new LinkedHashMap<>();

    /** Levels of a value that are needed. */
    record Wanted(Value value, Affine format) {}

    /** What was seen of a value, if it was any number but zero or of a mask. */
    private record Seen(TensorStatistics statistics, OctaveHistogram values, boolean masked) {}

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

    /** Finds levels that {@link #of} will be asked for, all at once. */
    void search(Collection<Wanted> all) {
        levels.findAll(
                all.stream()
                        .distinct()
                        .filter(wanted -> constants.resolve(wanted.value()).isEmpty())
                        .map(this::request)
                        .filter(request -> request.values().count() > 0)
                        .toList());
    }

    /** The levels of a value, under its own name. */
    ActivationPlan of(Wanted wanted) {
        return plans.computeIfAbsent(wanted, this::find);
    }

    private ActivationPlan find(Wanted wanted) {
        Tensor constant = constants.resolve(wanted.value()).orElse(null);
        if (constant != null) {
            return ofConstant(wanted, constant);
        }
        FoundLevels.Request request = request(wanted);
        OctaveHistogram values = request.values();
        if (values.count() == 0) {
            return plan(
                    wanted,
                    AffineParameters.of(0, 0, wanted.format()),
                    request.range(),
                    "nothing but zeros or a mask was seen");
        }
        return plan(
                wanted,
                levels.find(request),
                request.range(),
                "values of %.4g to %.4g were seen%s"
                        .formatted(
                                values.minimum(),
                                values.maximum(),
                                seen(wanted.value()).masked()
                                        ? ", and the huge ones of a mask"
                                        : ""));
    }

    private FoundLevels.Request request(Wanted wanted) {
        Seen known = seen(wanted.value());
        return new FoundLevels.Request(
                known.statistics(),
                known.values(),
                choices.range(wanted.value().name(), wanted.format()),
                wanted.format());
    }

    private Seen seen(Value value) {
        return seen.computeIfAbsent(value, this::look);
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
        return new Seen(found, masked ? values.withoutMask() : values, masked);
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

    private static ActivationPlan plan(
            Wanted wanted, AffineParameters parameters, ActivationRange range, String reason) {
        return new ActivationPlan(
                wanted.value().name(), wanted.format(), parameters, range.label(), reason);
    }

    private static ActivationPlan ofConstant(Wanted wanted, Tensor constant) {
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
                wanted,
                AffineParameters.of(low, high, wanted.format()),
                new ActivationRange.MinMax(),
                "a constant");
    }
}
