package dev.fewbit.tuning;

import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.correct.ActivationSmoothing;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.core.plan.Correction.ChannelScaling;
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

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Moves the difficulty of rounding from activations with outlying channels to the weights that
 * multiply them: SmoothQuant ({@link ActivationSmoothing}), with a strength for each activation.
 *
 * <p>The strength is one that makes the products lose least, or nearly ({@link SmoothingError});
 * none if that is hardly less than without. The factors go into the normalization or layer in
 * front, where nothing else reads the activation; else into a {@code Mul} of its own, which has to
 * gain more.
 */
final class Smoothing implements Improvement {
    private static final double[] STRENGTHS = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

    /** What is left of the expected error at most, for factors that go into constants. */
    private static final double WORTH_CONSTANTS = 0.9;

    /** The same for factors that take time in every run. */
    private static final double WORTH_NODE = 0.8;

    /** The same for pictures, whose values are many more than their products with one weight. */
    private static final double WORTH_PICTURE_NODE = 0.5;

    /**
     * The weakest strength is taken that expects no more than this times the least error. The
     * stronger it is, the more rests on the largest value of each channel that happened to be seen:
     * measured on a language model, what is gained on calibration data is lost on other text.
     */
    private static final double NEARLY_LEAST = 1.1;

    /** Channels whose histograms, of 1 KiB, an improvement may ask for: 64 MiB. */
    static final int MOST_CHANNELS = 1 << 16;

    @Override
    public String title() {
        return "smoothing activations";
    }

    @Override
    public List<Observation> observations(Workbench bench) throws IOException {
        Model model = bench.prepared().read();
        StaticPlanner planner = new StaticPlanner(model, bench.recipe(), bench.firstChoices());
        Constants constants = new Constants(model);
        return observations(
                ActivationGroup.of(planner.integerLayers(), constants).stream()
                        .filter(
                                group ->
                                        front(group, constants).isPresent()
                                                || !isMadeBy(group.input(), planner::isInteger))
                        .toList());
    }

    /** Where factors can go without a node of their own. */
    private static Optional<ScalableChannels.Found> front(
            ActivationGroup group, Constants constants) {
        return ScalableChannels.before(
                group.input(), group.nodes(), group.channels(), group.behind(), constants);
    }

    private static boolean isMadeBy(Value value, Predicate<Node> nodes) {
        Node maker = value.producer();
        return maker != null && nodes.test(maker);
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
        ActivationRange wanted = current.choices().range();
        Optional<Candidate> first = propose(bench, current, wanted);
        if (wanted instanceof ActivationRange.MinMax) {
            return first;
        }
        // Smoothed channels have no outliers left, and cutting off their largest values, which
        // belong to the same tokens, can do more harm than the squared error tells.
        Optional<Candidate> whole = propose(bench, current, new ActivationRange.MinMax());
        if (first.isEmpty() || whole.isEmpty()) {
            return first.or(() -> whole);
        }
        return bench.loss(whole.get()) < bench.loss(first.get()) ? whole : first;
    }

    private static Optional<Candidate> propose(
            Workbench bench, Candidate current, ActivationRange range)
            throws IOException, InterruptedException {
        Model model = bench.corrected(current);
        Constants constants = new Constants(model);
        PlanIndex index = new PlanIndex(bench.plan(current));
        Map<ChannelScaling, String> corrections = new LinkedHashMap<>();
        Map<String, Integer> changed = new LinkedHashMap<>();
        StaticPlanner planner = new StaticPlanner(model, bench.recipe(), current.choices());
        for (ActivationGroup group : ActivationGroup.of(planner.integerLayers(), constants)) {
            Optional<ScalableChannels.Found> front =
                    front(group, constants).filter(found -> isFree(found.layer(), index));
            if (front.isEmpty() && isMadeBy(group.input(), index::isInteger)) {
                // A Mul would stand between nodes that hand codes to each other.
                continue;
            }
            Optional<ChannelScaling> best =
                    best(
                            group,
                            current,
                            range,
                            index,
                            front.map(ScalableChannels.Found::divided).orElse(List.of()));
            if (best.isPresent()) {
                corrections.put(best.get(), Labels.of(group.nodes().getFirst()));
                front.ifPresent(
                        found ->
                                found.changed()
                                        .forEach(value -> changed.put(value.name(), group.axis())));
            }
        }
        if (corrections.isEmpty()) {
            return Optional.empty();
        }
        Candidate smoothed =
                Recalibration.correct(bench, current, List.copyOf(corrections.keySet()), changed);
        return Optional.of(withRange(bench, smoothed, Set.copyOf(corrections.values()), range));
    }

    /** Finds the ranges of what some layers read in another way. */
    private static Candidate withRange(
            Workbench bench, Candidate candidate, Set<String> layers, ActivationRange range)
            throws IOException {
        IntegerChoices choices = candidate.choices();
        Map<String, ActivationRange> ranges = new LinkedHashMap<>(choices.ranges());
        for (Node node : bench.corrected(candidate).graph().nodes()) {
            Value input = node.input(0);
            if (input != null && layers.contains(Labels.of(node))) {
                ranges.put(input.name(), range);
            }
        }
        return candidate.with(choices.withRanges(ranges));
    }

    /** Dividing the outputs of a layer costs nothing if each has a scale of its own. */
    private static boolean isFree(@Nullable Node layer, PlanIndex index) {
        return layer == null || index.weightOf(layer).isEmpty() || index.hasChannelScales(layer);
    }

    private static Optional<ChannelScaling> best(
            ActivationGroup group,
            Candidate current,
            ActivationRange range,
            PlanIndex index,
            List<ChannelAxis> divided) {
        String name = group.input().name();
        ChannelStatistics channels =
                current.statistics()
                        .find(name)
                        .flatMap(TensorStatistics::channels)
                        .filter(ChannelStatistics::hasHistograms)
                        .filter(found -> found.channels() == group.channels())
                        .orElse(null);
        if (channels == null) {
            return Optional.empty();
        }
        List<Histogram> histograms = channels.histograms();
        Affine format =
                index.levelsRead(group.layers().getFirst())
                        .map(ActivationPlan::format)
                        .orElse(current.choices().format());
        SmoothingError error =
                new SmoothingError(histograms, format, IntegerChoices.range(range, format));
        for (LinearLayer layer : group.layers()) {
            Optional<WeightPlan> plan = index.weight(layer.weightName());
            if (plan.isEmpty()) {
                return Optional.empty();
            }
            error.add(layer, plan.get());
        }
        float[] activations = channels.magnitudes();
        float[] multiplied = group.weightMagnitudes();
        float[] none = new float[activations.length];
        Arrays.fill(none, 1);
        double without = error.with(none);
        List<float[]> candidates = new ArrayList<>();
        double[] expected = new double[STRENGTHS.length];
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < STRENGTHS.length; i++) {
            candidates.add(ActivationSmoothing.factors(activations, multiplied, STRENGTHS[i]));
            expected[i] = error.with(candidates.get(i));
            least = Math.min(least, expected[i]);
        }
        if (!(least < without * worth(group, divided))) {
            return Optional.empty();
        }
        int chosen = 0;
        while (expected[chosen] > least * NEARLY_LEAST) {
            chosen++;
        }
        return Optional.of(
                new ChannelScaling(
                        name,
                        divided,
                        group.weights(),
                        toList(candidates.get(chosen)),
                        String.format(
                                Locale.ROOT,
                                "strength %.1f: rounding is expected to cost %.2g of the"
                                        + " products' power, without %.2g",
                                STRENGTHS[chosen],
                                expected[chosen],
                                without)));
    }

    private static double worth(ActivationGroup group, List<ChannelAxis> divided) {
        if (!divided.isEmpty()) {
            return WORTH_CONSTANTS;
        }
        return group.behind() == 0 ? WORTH_NODE : WORTH_PICTURE_NODE;
    }

    static List<Float> toList(float[] factors) {
        List<Float> list = new ArrayList<>(factors.length);
        for (float factor : factors) {
            list.add(factor);
        }
        return list;
    }
}
