package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.correct.ScalableChannels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.planning.integer.StaticPlanner;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Gives each output channel of a convolution a range of its own where floats are computed with it
 * next, a swish for example.
 *
 * <p>The integer kernel of a convolution always makes codes, with one scale for all channels. What
 * comes before a hard-swish has channels of very different ranges, and of the negative ones only
 * those above -3 matter at all. So the weights of channel c are divided by f_c, the largest
 * magnitude of this channel that matters ({@link SaturatingReaders}), which costs nothing as each
 * channel of the weights has a scale of its own; a {@code Mul} by f restores the floats. Values
 * that do not matter are clipped by the levels, which reach from -1 to 1.
 */
final class PreactivationScaling implements Improvement {

    /** Factors are at least this share of the largest. */
    private static final float LEAST_SHARE = 1f / 256;

    /** Mean squared factor relative to the largest one's square: above, there is little to gain. */
    private static final double EVEN = 0.5;

    @Override
    public String title() {
        return "channel ranges before activation functions";
    }

    @Override
    public List<Observation> observations(Workbench bench) throws IOException {
        Model model = bench.prepared().read();
        StaticPlanner planner = new StaticPlanner(model, bench.recipe(), bench.firstChoices());
        Set<String> observed = planner.observed();
        Constants constants = new Constants(model);
        List<Observation> wanted = new ArrayList<>();
        for (Node node : planner.integerLayers()) {
            Value output = node.output(0);
            if (node.is("Conv")
                    && output != null
                    && observed.contains(output.name())
                    && isWorthScaling(output, planner::isInteger, constants)) {
                wanted.add(Observation.ofChannels(output.name(), 1));
            }
        }
        return wanted;
    }

    @Override
    public Optional<Candidate> propose(Workbench bench, Candidate current)
            throws IOException, InterruptedException {
        Model model = bench.corrected(current);
        Constants constants = new Constants(model);
        PlanIndex index = new PlanIndex(bench.plan(current));
        List<ChannelScaling> corrections = new ArrayList<>();
        for (Node node :
                new StaticPlanner(model, bench.recipe(), current.choices()).integerLayers()) {
            Value output = node.output(0);
            if (node.is("Conv")
                    && output != null
                    && !output.isGraphOutput()
                    && index.hasChannelScales(node)) {
                if (isWorthScaling(output, index::isInteger, constants)) {
                    SaturatingReaders.Limits limits = SaturatingReaders.of(output, constants);
                    scaling(node, output, current.statistics(), limits, constants)
                            .ifPresent(corrections::add);
                }
            }
        }
        if (corrections.isEmpty()) {
            return Optional.empty();
        }
        Candidate scaled = Recalibration.correct(bench, current, corrections, Map.of());
        return Optional.of(withoutWhatIsClipped(bench.corrected(scaled), scaled, corrections));
    }

    /** Whether it is read as floats, or by what is worth more in floats than in codes. */
    private static boolean isWorthScaling(
            Value output, Predicate<Node> integers, Constants constants) {
        return output.consumers().stream().noneMatch(integers)
                || SaturatingReaders.of(output, constants).isActivation();
    }

    private static Optional<ChannelScaling> scaling(
            Node node,
            Value output,
            Statistics statistics,
            SaturatingReaders.Limits limits,
            Constants constants) {
        ChannelStatistics channels =
                statistics.find(output.name()).flatMap(TensorStatistics::channels).orElse(null);
        Value weight = node.input(1);
        if (channels == null || weight == null) {
            return Optional.empty();
        }
        int axes = constants.resolve(weight).map(tensor -> tensor.rank() - 2).orElse(0);
        float[] factors = factors(channels, limits);
        if (factors == null) {
            return Optional.empty();
        }
        return ScalableChannels.before(
                        output, output.consumers(), channels.channels(), axes, constants)
                .map(
                        found ->
                                new ChannelScaling(
                                        output.name(),
                                        found.divided(),
                                        List.of(),
                                        Smoothing.toList(factors),
                                        reason(factors, limits)));
    }

    /** The largest magnitude that matters in each channel; null if they are much the same. */
    private static float @Nullable [] factors(
            ChannelStatistics channels, SaturatingReaders.Limits limits) {
        float[] factors = new float[channels.channels()];
        float largest = 0;
        for (int channel = 0; channel < factors.length; channel++) {
            if (channels.count(channel) > 0) {
                double low = Math.max(channels.minimum(channel), limits.low());
                double high = Math.min(channels.maximum(channel), limits.high());
                factors[channel] = (float) Math.max(Math.max(-low, high), 0);
                largest = Math.max(largest, factors[channel]);
            }
        }
        double squares = 0;
        for (int channel = 0; channel < factors.length; channel++) {
            factors[channel] = Math.max(factors[channel], largest * LEAST_SHARE);
            double share = factors[channel] / largest;
            squares += share * share;
        }
        double reach = Math.max(-channels.minimum(0), 0);
        for (int channel = 0; channel < factors.length; channel++) {
            reach = Math.max(reach, channels.magnitude(channel));
        }
        // With one range for all, it would have to reach as far as any value does.
        double gain = squares / factors.length * (largest / reach) * (largest / reach);
        return largest >= Float.MIN_NORMAL && gain < EVEN ? factors : null;
    }

    private static String reason(float[] factors, SaturatingReaders.Limits limits) {
        float least = Float.MAX_VALUE;
        float largest = 0;
        for (float factor : factors) {
            least = Math.min(least, factor);
            largest = Math.max(largest, factor);
        }
        String ranges =
                String.format(Locale.ROOT, "ranges of channels are %.3g to %.3g", least, largest);
        return !limits.isActivation()
                ? ranges
                : String.format(
                        Locale.ROOT,
                        "%s, and values below %.3g do not matter",
                        ranges,
                        limits.low());
    }

    /** Levels are to be found for the values that matter only. */
    private static Candidate withoutWhatIsClipped(
            Model corrected, Candidate candidate, List<ChannelScaling> corrections) {
        Map<String, TensorStatistics> clipped = new LinkedHashMap<>();
        Map<String, Value> made = new HashMap<>();
        for (Node node : corrected.graph().nodes()) {
            for (Value output : node.outputs()) {
                if (output != null) {
                    made.put(output.name(), output);
                }
            }
        }
        for (ChannelScaling correction : corrections) {
            Value restored = made.get(correction.value());
            Node mul = restored == null ? null : restored.producer();
            Value scaled = mul == null ? null : mul.input(0);
            if (scaled != null) {
                candidate
                        .statistics()
                        .find(scaled.name())
                        .filter(statistics -> statistics.notFinite() == 0)
                        .ifPresent(
                                statistics ->
                                        clipped.put(scaled.name(), statistics.clamped(-1, 1)));
            }
        }
        return new Candidate(
                candidate.corrections(),
                candidate.statistics().withReplaced(clipped),
                candidate.choices());
    }
}
