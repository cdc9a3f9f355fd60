package dev.fewbit.tuning;

import dev.fewbit.core.correct.ChannelBalancing;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.prepare.Equalization;
import dev.fewbit.onnx.prepare.Equalization.Pair;
import dev.fewbit.runtime.calibrate.Observation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Rescales channels between layers so that rounding with shared scales costs least ({@link
 * ChannelBalancing}). The float network stays what it is: what lies between passes positive factors
 * on, and through a Clip to [0, 6] only channels are rescaled that stay below 6.
 */
final class CrossLayerEqualization implements Improvement {
    /** What is left of the expected noise of a chain at most; else it stays as it is. */
    private static final double WORTHWHILE = 0.9;

    @Override
    public String title() {
        return "cross-layer equalization";
    }

    @Override
    public List<Observation> observations(Workbench bench) throws IOException {
        List<Observation> wanted = new ArrayList<>();
        int channels = 0;
        for (Pair pair : Equalization.scalable(bench.prepared().read())) {
            channels += pair.first().outputChannels().channels();
            if (channels <= Smoothing.MOST_CHANNELS) {
                wanted.add(
                        new Observation(
                                pair.first().output().name(),
                                ChannelDetail.HISTOGRAMS,
                                axis(pair)));
            }
        }
        return wanted;
    }

    private static int axis(Pair pair) {
        return pair.first().isConvolution() ? 1 : -1;
    }

    @Override
    public Optional<Candidate> propose(Workbench bench, Candidate current)
            throws IOException, InterruptedException {
        Model model = bench.corrected(current);
        Plan plan = bench.plan(current);
        List<ChannelScaling> corrections = new ArrayList<>();
        Map<String, Integer> changed = new LinkedHashMap<>();
        for (EqualizedChains.Chain chain :
                EqualizedChains.find(model, plan, current.statistics())) {
            ChannelBalancing.Result balanced =
                    ChannelBalancing.balance(
                            chain.layers(), chain.between(), chain.firstVariance());
            if (!(balanced.after() < WORTHWHILE * balanced.before())) {
                continue;
            }
            String reason =
                    String.format(
                            Locale.ROOT,
                            "evens out channels that share a scale: rounding is expected to make"
                                    + " %.2g of the noise",
                            balanced.after() / balanced.before());
            for (int k = 0; k < chain.pairs().size(); k++) {
                Pair pair = chain.pairs().get(k);
                List<Float> divisors = divisors(balanced.multipliers().get(k));
                if (divisors.stream().anyMatch(divisor -> divisor != 1)) {
                    corrections.add(Equalization.scaling(pair, divisors, reason));
                    changed.put(pair.first().output().name(), axis(pair));
                    for (Node node : pair.between()) {
                        changed.put(node.onlyOutput().name(), axis(pair));
                    }
                }
            }
        }
        return corrections.isEmpty()
                ? Optional.empty()
                : Optional.of(Recalibration.correct(bench, current, corrections, changed));
    }

    private static List<Float> divisors(float[] multipliers) {
        List<Float> divisors = new ArrayList<>(multipliers.length);
        for (float multiplier : multipliers) {
            divisors.add(1 / multiplier);
        }
        return divisors;
    }
}
