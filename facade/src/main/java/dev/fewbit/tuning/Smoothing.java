package dev.fewbit.tuning;

import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.correct.ActivationSmoothing;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.correct.ScalableChannels;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.planning.integer.StaticPlanner;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Moves the difficulty of rounding from activations with outlying channels to the weights that
 * multiply them: SmoothQuant ({@link ActivationSmoothing}), with a strength for each activation.
 *
 * <p>The strength is the one that makes the products lose least ({@link SmoothingError}), none if
 * that is hardly less than without. The factors go into the normalization or layer in front, where
 * nothing else reads the activation; else into a {@code Mul} of its own, which has to gain more.
 */
final class Smoothing implements Improvement {
    private static final double[] STRENGTHS = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

    /** What is left of the expected error at most, for factors that go into constants. */
    private static final double WORTH_CONSTANTS = 0.9;

    /** The same for factors that take time in every run. */
    private static final double WORTH_NODE = 0.8;

    /** Channels whose histograms, of 1 KiB, are kept at once: 64 MiB. */
    private static final int MOST_CHANNELS = 1 << 16;

    @Override
    public String title() {
        return "smoothing activations";
    }

    @Override
    public List<Observation> observations(Workbench bench) throws IOException {
        Model model = bench.prepared().read();
        StaticPlanner planner = new StaticPlanner(model, bench.recipe(), bench.firstChoices());
        return observations(ActivationGroup.of(planner.integerLayers(), new Constants(model)));
    }

    /** As many as memory allows; the rest is not smoothed. */
    private static List<Observation> observations(List<ActivationGroup> groups) {
        List<Observation> wanted = new ArrayList<>();
        int channels = 0;
        for (ActivationGroup group : groups) {
            if (channels + group.channels() <= MOST_CHANNELS) {
                channels += group.channels();
                wanted.add(
                        new Observation(
                                group.input().name(), ChannelDetail.HISTOGRAMS, group.axis()));
            }
        }
        return wanted;
    }

    @Override
    public Optional<Candidate> propose(Workbench bench, Candidate current)
            throws IOException, InterruptedException {
        Model model = bench.corrected(current);
        Constants constants = new Constants(model);
        Plan plan = bench.plan(current);
        List<ActivationGroup> groups =
                ActivationGroup.of(
                        new StaticPlanner(model, bench.recipe(), current.choices()).integerLayers(),
                        constants);
        Map<String, WeightPlan> weights = new HashMap<>();
        plan.weights().forEach(weight -> weights.put(weight.tensor(), weight));
        Set<String> integers =
                plan.graph().operators().stream()
                        .filter(operator -> operator.arithmetic() == Arithmetic.INTEGER)
                        .map(OperatorPlan::node)
                        .collect(Collectors.toSet());
        List<ChannelScaling> corrections = new ArrayList<>();
        Map<String, Integer> changed = new LinkedHashMap<>();
        for (ActivationGroup group : groups) {
            Optional<ScalableChannels.Found> front =
                    ScalableChannels.before(
                                    group.input(),
                                    group.nodes(),
                                    group.channels(),
                                    group.behind(),
                                    constants)
                            .filter(found -> isFree(found.layer(), weights));
            Node maker = group.input().producer();
            boolean inCodes = maker != null && integers.contains(Labels.of(maker));
            if (front.isEmpty() && inCodes) {
                // A Mul would stand between nodes that hand codes to each other.
                continue;
            }
            Optional<ChannelScaling> best =
                    best(
                            group,
                            current.statistics(),
                            current.choices(),
                            weights,
                            front.map(ScalableChannels.Found::divided).orElse(List.of()));
            if (best.isPresent()) {
                corrections.add(best.get());
                front.ifPresent(
                        found ->
                                found.changed()
                                        .forEach(value -> changed.put(value.name(), group.axis())));
            }
        }
        return corrections.isEmpty()
                ? Optional.empty()
                : Optional.of(Recalibration.correct(bench, current, corrections, changed));
    }

    /** Dividing the outputs of a layer costs nothing if each has a scale of its own. */
    private static boolean isFree(@Nullable Node layer, Map<String, WeightPlan> weights) {
        if (layer == null) {
            return true;
        }
        Value weight = layer.input(1);
        WeightPlan plan = weight == null ? null : weights.get(weight.name());
        return plan == null || plan.grouping().equals(Grouping.CHANNEL);
    }

    private static Optional<ChannelScaling> best(
            ActivationGroup group,
            Statistics statistics,
            IntegerChoices choices,
            Map<String, WeightPlan> weights,
            List<ChannelAxis> divided) {
        String name = group.input().name();
        ChannelStatistics channels =
                statistics
                        .find(name)
                        .flatMap(TensorStatistics::channels)
                        .filter(ChannelStatistics::hasHistograms)
                        .filter(found -> found.channels() == group.channels())
                        .orElse(null);
        if (channels == null) {
            return Optional.empty();
        }
        List<Histogram> histograms = channels.histograms();
        ActivationRange range = choices.ranges().getOrDefault(name, choices.range());
        SmoothingError error = new SmoothingError(histograms, choices.format(), range);
        for (LinearLayer layer : group.layers()) {
            WeightPlan plan = weights.get(layer.weightName());
            if (plan == null) {
                return Optional.empty();
            }
            error.add(layer, plan);
        }
        float[] activations = channels.magnitudes();
        float[] multiplied = group.weightMagnitudes();
        float[] none = new float[activations.length];
        Arrays.fill(none, 1);
        double without = error.with(none);
        double least = without * (divided.isEmpty() ? WORTH_NODE : WORTH_CONSTANTS);
        ChannelScaling best = null;
        for (double strength : STRENGTHS) {
            float[] factors = ActivationSmoothing.factors(activations, multiplied, strength);
            double expected = error.with(factors);
            if (expected < least) {
                least = expected;
                best =
                        new ChannelScaling(
                                name,
                                divided,
                                group.weights(),
                                toList(factors),
                                String.format(
                                        Locale.ROOT,
                                        "strength %.1f: rounding is expected to cost %.2g of the"
                                                + " products' power, without %.2g",
                                        strength,
                                        expected,
                                        without));
            }
        }
        return Optional.ofNullable(best);
    }

    static List<Float> toList(float[] factors) {
        List<Float> list = new ArrayList<>(factors.length);
        for (float factor : factors) {
            list.add(factor);
        }
        return list;
    }
}
