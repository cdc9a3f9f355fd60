package dev.fewbit.rounding;

import dev.fewbit.Progress;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.rounding.AwqScales;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.core.rounding.layer.LayerRounder;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.tuning.FloatNetwork;
import dev.fewbit.tuning.NetworkPrefix;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the {@link AwqScales} of a plan that rounds by {@link dev.fewbit.core.plan.Rounding#AWQ}:
 * inputs of layers are divided and their weights multiplied, channel by channel, such that the
 * rounded layers' outputs are off by least on the float network's inputs. What is left to do is
 * rounding the multiplied weights.
 */
final class AwqScaling {
    /** Moments of so many bytes are collected in one run. */
    private static final double MOST_MOMENTS = 256L << 20;

    /** Names in a note. */
    private static final int MOST_NAMES = 3;

    private final NetworkPrefix prefix;
    private final Plan plan;
    private final List<Sample> samples;
    private final PairedRuns runs;
    private final Workers workers;
    private final Progress progress;
    private final List<Correction> scalings = new ArrayList<>();
    private double logarithms;

    private AwqScaling(
            PreparedModel prepared,
            Plan plan,
            List<Sample> samples,
            int threads,
            Progress progress) {
        this.prefix = new NetworkPrefix(prepared);
        this.plan = plan;
        this.samples = samples;
        this.runs = new PairedRuns(threads);
        this.workers = Workers.of(threads);
        this.progress = progress;
    }

    /**
     * Finds the factors.
     *
     * @param prepared the float model, prepared as the plan says
     * @param before what is to be done to it
     * @param samples what to run on, at least one
     * @param threads threads that work; the result is the same for any number
     * @return the plan with the factors as corrections
     */
    static RoundedPlan run(
            PreparedModel prepared,
            RoundedPlan before,
            List<Sample> samples,
            int threads,
            Progress progress)
            throws IOException, InterruptedException {
        Plan plan = before.plan();
        Model model = prepared.read();
        GraphCorrector.apply(model, plan.graph().corrections());
        ScaledInputs inputs = ScaledInputs.of(model, plan);
        AwqScaling scaling = new AwqScaling(prepared, plan, samples, threads, progress);
        scaling.search(inputs.found());
        List<String> notes = new ArrayList<>(before.notes());
        if (!scaling.scalings.isEmpty()) {
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "the inputs of layers are scaled in %d places: errors of these layers'"
                                    + " outputs are %.1f dB below those without",
                            scaling.scalings.size(),
                            -10 * scaling.logarithms / scaling.scalings.size()));
        }
        inputs.obstacles().forEach((reason, names) -> notes.add(note(reason, names)));
        return new RoundedPlan(scaling.scaled(), before.weights(), notes);
    }

    private static String note(String reason, List<String> names) {
        String some = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
        int more = names.size() - MOST_NAMES;
        return "rounded to nearest levels without scaling their inputs, since %s: %s%s"
                .formatted(reason, some, more > 0 ? " and " + more + " more" : "");
    }

    private Plan scaled() {
        GraphPlan graph = plan.graph();
        List<Correction> corrections = new ArrayList<>(graph.corrections());
        corrections.addAll(scalings);
        return plan.with(
                new GraphPlan(
                        graph.preparation(), corrections, graph.activations(), graph.operators()));
    }

    private void search(List<ScaledInput> inputs) throws IOException, InterruptedException {
        for (int first = 0; first < inputs.size(); ) {
            int end = first;
            double bytes = 0;
            while (end < inputs.size() && (end == first || bytes < MOST_MOMENTS)) {
                bytes +=
                        2.0
                                * Double.BYTES
                                * inputs.get(end).channels()
                                * inputs.get(end).channels();
                end++;
            }
            progress.update("scaling", first, inputs.size());
            searchTogether(inputs.subList(first, end));
            first = end;
        }
        progress.update("scaling", inputs.size(), Math.max(1, inputs.size()));
    }

    private void searchTogether(List<ScaledInput> inputs) throws IOException, InterruptedException {
        Map<ScaledInput, InputMoments> moments = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>();
        for (ScaledInput input : inputs) {
            moments.put(input, new InputMoments(input.channels()));
            names.add(input.name());
        }
        runs.run(
                () -> prefix.floats(FloatNetwork.corrections(plan.graph().corrections()), names),
                samples,
                values ->
                        moments.forEach(
                                (input, own) ->
                                        own.add(
                                                FloatArrays.of(
                                                        Objects.requireNonNull(
                                                                values.get(input.name()))),
                                                workers)));
        moments.forEach(this::search);
    }

    private void search(ScaledInput input, InputMoments moments) {
        Hessian h = moments.hessian();
        double[] diagonal = h.diagonal();
        List<AwqScales.Layer> layers = new ArrayList<>();
        for (LayerSite site : input.sites()) {
            WeightPlaces places = LayerBundle.places(site);
            // Damping has no part in finding levels.
            LayerRounder rounder = new LayerRounder(places.format(site.plan()), 0, workers);
            layers.add(
                    new AwqScales.Layer(
                            places.matrix(site.layer().weights()),
                            (weights, factors) ->
                                    rounder.levels(weights, divided(diagonal, factors))));
        }
        AwqScales.Found found = AwqScales.search(layers, moments.magnitudes(), h, workers);
        if (found.error() < found.errorWithout()) {
            scalings.add(correction(input, found));
            logarithms += Math.log10(found.error() / found.errorWithout());
        }
    }

    /** Mean squares of inputs that are divided by factors. */
    private static double[] divided(double[] squares, float[] factors) {
        double[] divided = new double[squares.length];
        for (int i = 0; i < divided.length; i++) {
            divided[i] = squares[i] / factors[i] / factors[i];
        }
        return divided;
    }

    private static ChannelScaling correction(ScaledInput input, AwqScales.Found found) {
        List<Float> factors = new ArrayList<>();
        for (float factor : found.factors()) {
            factors.add(factor);
        }
        return new ChannelScaling(
                input.name(),
                input.divided(),
                input.multiplied(),
                factors,
                String.format(
                        Locale.ROOT,
                        "mean magnitudes to the power of %.2f: rounding to nearest levels is"
                                + " expected to cost %.2g of what it costs without",
                        found.exponent(),
                        found.error() / found.errorWithout()));
    }
}
