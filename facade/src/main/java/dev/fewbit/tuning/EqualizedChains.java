package dev.fewbit.tuning;

import dev.fewbit.core.correct.BalancedChannels;
import dev.fewbit.core.correct.BalancedLayer;
import dev.fewbit.core.correct.BalancedLayer.Rounding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.OctaveHistogram;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.prepare.Equalization;
import dev.fewbit.onnx.prepare.Equalization.Pair;
import dev.fewbit.runtime.calibrate.Statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of a model that follow each other with nothing in between but what passes positive
 * factors on, as chains to be balanced.
 */
final class EqualizedChains {
    private final PlanIndex index;
    private final Statistics statistics;
    private final Constants constants;

    private EqualizedChains(Model model, Plan plan, Statistics statistics) {
        this.index = new PlanIndex(plan);
        this.statistics = statistics;
        this.constants = new Constants(model);
    }

    /**
     * A chain.
     *
     * @param pairs its neighbours, each pair's second layer being the next one's first
     * @param layers its layers, one more than pairs
     * @param between the channels of each pair
     * @param firstVariance variance of what the first layer reads
     */
    record Chain(
            List<Pair> pairs,
            List<BalancedLayer> layers,
            List<BalancedChannels> between,
            double firstVariance) {

        /** Copies the lists. */
        Chain {
            pairs = List.copyOf(pairs);
            layers = List.copyOf(layers);
            between = List.copyOf(between);
        }
    }

    /**
     * The chains of a model.
     *
     * @param model the prepared and corrected float model, nodes in order
     * @param plan what is to be done to it
     * @param statistics with histograms of the channels that each pair's first layer makes; pairs
     *     without are left out
     */
    static List<Chain> find(Model model, Plan plan, Statistics statistics) {
        EqualizedChains search = new EqualizedChains(model, plan, statistics);
        Map<Node, Pair> byFirst = new LinkedHashMap<>();
        Map<Pair, BalancedChannels> between = new HashMap<>();
        Set<Node> seconds = new HashSet<>();
        for (Pair pair : Equalization.scalable(model)) {
            search.channels(pair)
                    .ifPresent(
                            channels -> {
                                byFirst.put(pair.first().node(), pair);
                                between.put(pair, channels);
                                seconds.add(pair.second().node());
                            });
        }
        List<Chain> chains = new ArrayList<>();
        for (Pair pair : byFirst.values()) {
            if (!seconds.contains(pair.first().node())) {
                chains.add(search.chain(pair, byFirst, between));
            }
        }
        return chains;
    }

    private Chain chain(Pair start, Map<Node, Pair> byFirst, Map<Pair, BalancedChannels> channels) {
        List<Pair> pairs = new ArrayList<>();
        List<BalancedLayer> layers = new ArrayList<>();
        List<BalancedChannels> between = new ArrayList<>();
        layers.add(layer(start.first()));
        Pair next = start;
        while (next != null) {
            pairs.add(next);
            layers.add(layer(next.second()));
            Optional.ofNullable(channels.get(next)).ifPresent(between::add);
            next = byFirst.get(next.second().node());
        }
        return new Chain(pairs, layers, between, inputVariance(start.first()));
    }

    private double inputVariance(LinearLayer layer) {
        OctaveHistogram values =
                statistics
                        .find(layer.input().name())
                        .map(TensorStatistics::distribution)
                        .orElse(null);
        if (values == null || values.count() == 0) {
            return 1;
        }
        double variance = values.meanSquare() - values.mean() * values.mean();
        return variance > 0 ? variance : 1;
    }

    private Optional<BalancedChannels> channels(Pair pair) {
        return statistics
                .find(pair.first().output().name())
                .filter(found -> found.notFinite() == 0)
                .flatMap(TensorStatistics::channels)
                .filter(ChannelStatistics::hasHistograms)
                .filter(found -> found.channels() == pair.first().outputChannels().channels())
                .map(found -> MeasuredChannels.of(pair, found, constants, levels(pair)));
    }

    private int levels(Pair pair) {
        return index.levelsRead(pair.second()).map(each -> each.format().levels() - 1).orElse(0);
    }

    private BalancedLayer layer(LinearLayer layer) {
        ChannelMap inputs = layer.inputChannels();
        ChannelMap outputs = layer.outputChannels();
        int count = inputs.first() * inputs.second();
        int[] input = new int[count];
        int[] output = new int[count];
        float[] largest = new float[count];
        double[] squares = new double[count];
        float[] values = layer.weights();
        for (int i = 0, e = 0, at = 0; i < inputs.first(); i++) {
            for (int j = 0; j < inputs.second(); j++, e++) {
                input[e] = inputs.channel(i, j);
                output[e] = outputs.channel(i, j);
                for (int k = 0; k < inputs.rest(); k++, at++) {
                    largest[e] = Math.max(largest[e], Math.abs(values[at]));
                    squares[e] += (double) values[at] * values[at];
                }
            }
        }
        Optional<WeightPlan> plan = index.weight(layer.weightName());
        return new BalancedLayer(
                inputs.channels(),
                outputs.channels(),
                input,
                output,
                largest,
                squares,
                inputs.rest(),
                plan.map(weight -> rounding(weight.grouping())).orElse(Rounding.NONE),
                plan.map(weight -> PlannedRounding.reach(weight.format())).orElse(1));
    }

    private static Rounding rounding(Grouping grouping) {
        return switch (grouping.kind()) {
            case TENSOR -> Rounding.TENSOR;
            case CHANNEL -> Rounding.CHANNEL;
            // Blocks are so small that channels hardly share a scale.
            case BLOCK -> Rounding.NONE;
        };
    }
}
