package dev.fewbit.tuning;

import dev.fewbit.core.correct.NormalChannels;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.runtime.calibrate.Statistics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What batch normalizations say of the values that they make: in every channel they have, over the
 * training data, the shift as mean and the scale as deviation. Where there is no data this is
 * better than what random inputs leave. Y. Nahshan et al. and M. Nagel et al. (<a
 * href="https://arxiv.org/abs/1906.04721">2019</a>) use it likewise.
 */
final class NormalizedValues {
    private final Map<String, TensorStatistics> found = new HashMap<>();
    private final Statistics statistics;

    private NormalizedValues(Statistics statistics) {
        this.statistics = statistics;
    }

    /**
     * Replaces statistics of values behind batch normalizations, and behind a Relu or Clip on them.
     *
     * @param source the float model before preparation, nodes in order
     * @param statistics statistics of values of the prepared model, where such values keep their
     *     names
     */
    static Statistics apply(Model source, Statistics statistics) throws IOException {
        NormalizedValues values = new NormalizedValues(statistics);
        Constants constants = new Constants(source);
        for (Node node : source.graph().nodes()) {
            if (node.is("BatchNormalization")) {
                values.normalized(node, constants);
            } else if (IntegerOperators.of(node, constants) instanceof Limits limits) {
                values.limited(node, limits);
            }
        }
        return statistics.withReplaced(values.known());
    }

    private Map<String, TensorStatistics> known() {
        Map<String, TensorStatistics> known = new HashMap<>(found);
        known.keySet().retainAll(statistics.values().keySet());
        return known;
    }

    private void normalized(Node node, Constants constants) throws IOException {
        float[] scale = floats(node.input(1), constants);
        float[] shift = floats(node.input(2), constants);
        Value output = node.output(0);
        if (scale != null && shift != null && output != null && scale.length == shift.length) {
            put(output, shift, scale);
        }
    }

    private void put(Value output, float[] shift, float[] scale) {
        found.put(
                output.name(),
                NormalChannels.statistics(
                        shift,
                        scale,
                        Float.NEGATIVE_INFINITY,
                        Float.POSITIVE_INFINITY,
                        NormalChannels.DEFAULT_VALUES,
                        statistics
                                .find(output.name())
                                .map(TensorStatistics::detail)
                                .orElse(ChannelDetail.NONE)));
    }

    private void limited(Node node, Limits limits) {
        Value input = node.input(0);
        TensorStatistics before = input == null ? null : found.get(input.name());
        if (before != null) {
            found.put(node.onlyOutput().name(), before.clamped(limits.low(), limits.high()));
        }
    }

    private static float @Nullable [] floats(@Nullable Value value, Constants constants)
            throws IOException {
        Tensor tensor = value == null ? null : constants.resolve(value).orElse(null);
        return tensor == null || !tensor.elementType().isReadableAsFloats()
                ? null
                : tensor.floats();
    }
}
