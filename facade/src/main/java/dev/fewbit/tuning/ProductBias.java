package dev.fewbit.tuning;

import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.runtime.calibrate.Statistics;

import java.util.Arrays;
import java.util.Optional;

/** Shifts of biases by what rounding the weights of a product takes from the means. */
final class ProductBias {
    private static final String REASON = "gives back the means that rounding the weights takes";

    private final PlanIndex index;
    private final BiasRoom room;
    private final Statistics expected;

    /**
     * @param plan what is done to the model
     * @param room how large biases may become
     * @param expected channels of what the layers read and make in the float network
     */
    ProductBias(Plan plan, BiasRoom room, Statistics expected) {
        this.index = new PlanIndex(plan);
        this.room = room;
        this.expected = expected;
    }

    /** The shift of a layer {@code x [..., K] -> MatMul(W [K, N])}; empty if there is none. */
    Optional<BiasShift> shift(CorrectableLayer layer) {
        Optional<ChannelStatistics> input = channels(layer.layer().input().name());
        Optional<ChannelStatistics> output = channels(layer.output());
        return input.flatMap(channels -> lost(layer.layer(), channels))
                .flatMap(
                        lost ->
                                output.flatMap(
                                        channels ->
                                                room.shift(layer)
                                                        .believed(
                                                                lost,
                                                                magnitudes(channels),
                                                                counts(channels))))
                .map(shift -> new BiasShift(layer.label(), shift, REASON));
    }

    private static double[] magnitudes(ChannelStatistics channels) {
        double[] magnitudes = new double[channels.channels()];
        Arrays.setAll(magnitudes, channels::magnitude);
        return magnitudes;
    }

    private static long[] counts(ChannelStatistics channels) {
        long[] counts = new long[channels.channels()];
        Arrays.setAll(counts, channels::count);
        return counts;
    }

    private Optional<ChannelStatistics> channels(String value) {
        return expected.find(value).flatMap(TensorStatistics::channels);
    }

    /** {@code E[x] (W - rounded W)}; empty where the weights are not rounded. */
    private Optional<double[]> lost(LinearLayer layer, ChannelStatistics input) {
        WeightPlan plan = index.weight(layer.weightName()).orElse(null);
        ChannelMap map = layer.inputChannels();
        if (plan == null || input.channels() != map.channels()) {
            return Optional.empty();
        }
        float[] exact = layer.weights();
        float[] rounded =
                PlannedRounding.nearest(
                        exact, new long[] {map.first(), map.second()}, plan, granularity(plan));
        double[] means = input.means();
        double[] lost = new double[map.second()];
        for (int row = 0, at = 0; row < map.first(); row++) {
            for (int column = 0; column < lost.length; column++, at++) {
                lost[column] += means[row] * ((double) exact[at] - rounded[at]);
            }
        }
        return Optional.of(lost);
    }

    private static Granularity granularity(WeightPlan plan) {
        return switch (plan.grouping().kind()) {
            case TENSOR -> new Granularity.PerTensor();
            case CHANNEL -> new Granularity.PerChannel(1);
            case BLOCK -> new Granularity.PerBlock(0, plan.grouping().size());
        };
    }
}
