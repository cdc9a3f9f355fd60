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

import org.jspecify.annotations.Nullable;

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
    private final boolean alone;
    private final LayerMoments moments;
    private final Workers workers;
    private final WeightMatrix matrix;
    private final int groups;
    private final @Nullable Target[] targets;

    /**
     * For layers whose moments are known.
     *
     * @param bundle the layers; how they are rounded does not matter yet
     * @param alone whether they only make up for their own rounding, so that they can be put
     *     together with whatever becomes of others; else for what was done to earlier layers, too
     */
    BundleRounding(LayerBundle bundle, LayerMoments moments, boolean alone, Workers workers) {
        this.bundle = bundle;
        this.alone = alone;
        this.moments = moments;
        this.workers = workers;
        this.matrix = bundle.weights();
        this.groups = moments.groups();
        this.targets = new @Nullable Target[groups];
    }

    /**
     * What weights of a group of channels are rounded towards, whatever the format, and all that is
     * still needed of the moments then.
     */
    private record Target(
            WeightMatrix weights, WeightMatrix wanted, OutputMoments moments, double damping) {

        Hessian inputs() {
            return moments.inputs();
        }
    }

    private record Part(RoundedMatrix rounded, double error, double nearest) {}

    /** One result for each layer, in their order. */
    List<LayerResult> round() {
        return round(bundle);
    }

    /**
     * The same layers in another format.
     *
     * @param wanted the layers with other plans
     */
    List<LayerResult> round(LayerBundle wanted) {
        Part[] parts = new Part[groups];
        double[] bias = new double[bundle.rows()];
        double[] before = biasBefore(wanted);
        int rows = bias.length / groups;
        each(
                (group, inside) -> {
                    Target target = target(group, inside);
                    Part part = part(wanted.first(), target, inside);
                    parts[group] = part;
                    double[] own = target.moments().bias(part.rounded.toWeights());
                    double[] floats = target.moments().bias(target.weights());
                    for (int row = 0; row < rows; row++) {
                        int channel = group * rows + row;
                        bias[channel] = alone ? before[channel] + own[row] - floats[row] : own[row];
                    }
                });
        RoundedMatrix joined = RoundedRows.joined(Arrays.stream(parts).map(Part::rounded).toList());
        double error = Arrays.stream(parts).mapToDouble(Part::error).sum();
        double nearest = Arrays.stream(parts).mapToDouble(Part::nearest).sum();
        List<LayerResult> results = new ArrayList<>();
        int first = 0;
        for (LayerSite site : wanted.sites()) {
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

    /**
     * Expected squared error of the layers' outputs when their weights are rounded to the nearest
     * levels: quickly found, and enough to tell hopeless formats from others.
     */
    double nearestError(LayerBundle wanted) {
        double[] errors = new double[groups];
        each(
                (group, inside) -> {
                    Target target = target(group, inside);
                    RoundedMatrix nearest =
                            rounder(wanted.first(), target, inside)
                                    .nearest(target.wanted(), target.inputs());
                    errors[group] =
                            WeightedError.of(target.wanted(), nearest, target.inputs(), inside);
                });
        return Arrays.stream(errors).sum();
    }

    private interface GroupWork {
        void run(int group, Workers inside);
    }

    /** Threads take groups, or parts of the one group there is. */
    private void each(GroupWork work) {
        Workers inside = groups == 1 ? workers : Workers.sequential();
        workers.run(groups, group -> work.run(group, inside));
    }

    private Target target(int group, Workers inside) {
        Target known = targets[group];
        if (known == null) {
            int rows = bundle.rows() / groups;
            // Moments are the largest things there are: no more of them at a time than needed.
            FoldedMoments collected = moments.take(group);
            boolean centered = bundle.takesBias();
            OutputMoments all = centered ? collected.all().centered() : collected.all();
            FoldedMoments folded = centered ? collected.centered() : collected;
            WeightMatrix weights = matrix.part(group * rows, (group + 1) * rows);
            double share = (double) all.inputs().width() / moments.count();
            double damping = Math.clamp(DAMPING * share * share, LEAST_DAMPING, 1);
            WeightMatrix wanted =
                    alone
                            ? weights
                            : new TargetChoice(weights, damping, inside).target(folded, all);
            known = new Target(weights, wanted, all, damping);
            targets[group] = known;
        }
        return known;
    }

    private static LayerRounder rounder(LayerSite site, Target target, Workers inside) {
        return new LayerRounder(
                LayerBundle.places(site).format(site.plan()), target.damping(), inside);
    }

    private static Part part(LayerSite site, Target target, Workers inside) {
        Hessian h = target.inputs();
        WeightMatrix wanted = target.wanted();
        LayerRounder rounder = rounder(site, target, inside);
        RoundedMatrix plain = rounder.nearest(target.weights(), h);
        double nearest = WeightedError.of(wanted, plain, h, inside);
        Rounding method = site.plan().rounding();
        RoundedMatrix rounded =
                switch (method) {
                    case NEAREST, HQQ ->
                            throw new IllegalStateException(method + " takes no moments");
                    case AWQ -> plain;
                    case GPTQ -> rounder.gptq(wanted, h);
                    case DESCENT, AUTO -> rounder.descent(wanted, h);
                    case ADAROUND ->
                            AdaRound.round(
                                    wanted,
                                    h.damped(target.damping()),
                                    rounder.gptq(wanted, h).grid(),
                                    AdaRound.Options.standard(),
                                    inside);
                };
        double error = WeightedError.of(wanted, rounded, h, inside);
        return method == Rounding.AUTO && !(error < nearest)
                ? new Part(plain, nearest, nearest)
                : new Part(rounded, error, nearest);
    }

    private static double[] biasBefore(LayerBundle wanted) {
        return wanted.sites().stream()
                .flatMapToDouble(site -> Arrays.stream(site.layer().bias()))
                .toArray();
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
