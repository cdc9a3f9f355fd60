package dev.fewbit.rounding;

import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.rounding.AdaRound;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.OutputMoments;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.WeightedError;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.core.rounding.layer.LayerRounder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rounds layers that read the same value when their moments are known. */
final class BundleRounding {
    /**
     * Damping of the moments where there are as many rows as inputs; with more rows it falls with
     * the square of their number. Measured on sentences by the outputs for other sentences: the
     * moments of few rows are taken too seriously with less, to the point of being worse than
     * nearest.
     */
    private static final double DAMPING = 0.5;

    private static final double LEAST_DAMPING = 1e-4;

    private final LayerBundle bundle;
    private final LayerMoments moments;
    private final Workers workers;

    BundleRounding(LayerBundle bundle, LayerMoments moments, Workers workers) {
        this.bundle = bundle;
        this.moments = moments;
        this.workers = workers;
    }

    /** One result for each layer, in their order. */
    List<LayerResult> round() {
        WeightMatrix weights = bundle.weights();
        int groups = moments.groups();
        int rows = weights.rows() / groups;
        Part[] parts = new Part[groups];
        double[] bias = new double[weights.rows()];
        // Threads take groups, or parts of the one group there is.
        Workers inside = groups == 1 ? workers : Workers.sequential();
        workers.run(
                groups,
                group -> {
                    FoldedMoments folded = moments.moments(group);
                    OutputMoments all = folded.all();
                    WeightMatrix own = weights.part(group * rows, (group + 1) * rows);
                    Part part =
                            bundle.takesBias()
                                    ? part(own, folded.centered(), all.centered(), inside)
                                    : part(own, folded, all, inside);
                    parts[group] = part;
                    System.arraycopy(
                            all.bias(part.rounded.toWeights()), 0, bias, group * rows, rows);
                });
        RoundedMatrix joined = RoundedRows.joined(Arrays.stream(parts).map(Part::rounded).toList());
        double error = Arrays.stream(parts).mapToDouble(Part::error).sum();
        double nearest = Arrays.stream(parts).mapToDouble(Part::nearest).sum();
        List<LayerResult> results = new ArrayList<>();
        int first = 0;
        for (LayerSite site : bundle.sites()) {
            WeightPlaces places = LayerBundle.places(site);
            int end = first + places.rows();
            results.add(
                    new LayerResult(
                            places.tensor(RoundedRows.part(joined, first, end), site.plan()),
                            bundle.takesBias()
                                    ? Optional.of(shift(site, bias, first))
                                    : Optional.empty(),
                            error,
                            nearest));
            first = end;
        }
        return results;
    }

    private record Part(RoundedMatrix rounded, double error, double nearest) {}

    private Part part(
            WeightMatrix weights, FoldedMoments folded, OutputMoments used, Workers inside) {
        Hessian h = used.inputs();
        double share = (double) h.width() / moments.count();
        double damping = Math.clamp(DAMPING * share * share, LEAST_DAMPING, 1);
        WeightMatrix target = new TargetChoice(weights, damping, inside).target(folded, used);
        LayerSite site = bundle.first();
        LayerRounder rounder =
                new LayerRounder(LayerBundle.places(site).format(site.plan()), damping, inside);
        RoundedMatrix plain = rounder.nearest(weights, h);
        double nearest = WeightedError.of(target, plain, h, inside);
        Rounding method = site.plan().rounding();
        RoundedMatrix rounded =
                switch (method) {
                    case NEAREST, HQQ ->
                            throw new IllegalStateException(method + " takes no moments");
                    case GPTQ -> rounder.gptq(target, h);
                    case DESCENT, AUTO -> rounder.descent(target, h);
                    case ADAROUND ->
                            AdaRound.round(
                                    target,
                                    h.damped(damping),
                                    rounder.gptq(target, h).grid(),
                                    AdaRound.Options.standard(),
                                    inside);
                };
        double error = WeightedError.of(target, rounded, h, inside);
        return method == Rounding.AUTO && !(error < nearest)
                ? new Part(plain, nearest, nearest)
                : new Part(rounded, error, nearest);
    }

    private static List<Float> shift(LayerSite site, double[] bias, int first) {
        double[] before = site.layer().bias();
        List<Float> shift = new ArrayList<>();
        for (int channel = 0; channel < before.length; channel++) {
            shift.add((float) (bias[first + channel] - before[channel]));
        }
        return shift;
    }
}
