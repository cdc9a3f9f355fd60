package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds the factors that make channels even (<a href="https://arxiv.org/abs/1906.04721">Nagel et
 * al.</a>, section 4.1). With r1 the largest weight of an output channel of the first layer, and r2
 * that of the same input channel of the second, {@code s = sqrt(r1 / r2)} makes both {@code sqrt(r1
 * r2)}.
 *
 * <p>Chains of layers influence each other, so all pairs are gone through again and again until the
 * factors settle. Cost: a sweep reads one magnitude for every pair of channels that weights
 * connect.
 */
final class ChannelEvening {

    private static final int MOST_SWEEPS = 100;

    /** Sweeps end when no factor changes by more than this share. */
    private static final double SETTLED = 1e-3;

    private final List<Equalization.Pair> pairs;
    private final List<ChannelLimits> limits;
    private final Map<Node, EvenedLayer> layers = new LinkedHashMap<>();

    private ChannelEvening(List<Equalization.Pair> pairs, List<ChannelLimits> limits) {
        this.pairs = List.copyOf(pairs);
        this.limits = List.copyOf(limits);
        for (Equalization.Pair pair : pairs) {
            for (LinearLayer layer : List.of(pair.first(), pair.second())) {
                layers.computeIfAbsent(layer.node(), _ -> new EvenedLayer(layer));
            }
        }
    }

    /** Finds the factors of pairs under limits, one of these for each pair. */
    static ChannelEvening of(List<Equalization.Pair> pairs, List<ChannelLimits> limits) {
        ChannelEvening evening = new ChannelEvening(pairs, limits);
        double change = Double.MAX_VALUE;
        for (int sweep = 0; sweep < MOST_SWEEPS && change > SETTLED; sweep++) {
            change = 0;
            for (int index = 0; index < pairs.size(); index++) {
                change = Math.max(change, evening.even(index));
            }
        }
        return evening;
    }

    private double even(int index) {
        Equalization.Pair pair = pairs.get(index);
        EvenedLayer first = evened(pair.first());
        EvenedLayer second = evened(pair.second());
        double[] before = first.outputMagnitudes();
        double[] behind = second.inputMagnitudes(pair.repeats());
        double[] factors = new double[before.length];
        double change = 0;
        for (int channel = 0; channel < factors.length; channel++) {
            boolean used = before[channel] > 0 && behind[channel] > 0;
            double wanted = used ? Math.sqrt(before[channel] / behind[channel]) : 1;
            double so = first.outputFactors()[channel];
            factors[channel] = used ? limits.get(index).allowed(channel, so, wanted) : 1;
            change = Math.max(change, Math.abs(factors[channel] - 1));
        }
        first.divideOutputs(factors);
        second.multiplyInputs(factors, pair.repeats());
        return change;
    }

    private EvenedLayer evened(LinearLayer layer) {
        return Objects.requireNonNull(layers.get(layer.node()), "a layer of a pair");
    }

    /** What the output channels of the first layer of each pair are divided by. */
    List<double[]> factors() {
        List<double[]> factors = new ArrayList<>();
        pairs.forEach(pair -> factors.add(evened(pair.first()).outputFactors().clone()));
        return factors;
    }

    /** Rescales all layers. */
    void store() {
        layers.values().forEach(EvenedLayer::store);
    }
}
