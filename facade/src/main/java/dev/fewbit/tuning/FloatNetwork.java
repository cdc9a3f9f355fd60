package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;

import java.io.IOException;
import java.util.List;

/**
 * The float network that a candidate is compared with, value by value: with what rescales its
 * channels, and without what makes up for rounding.
 */
public final class FloatNetwork {
    private FloatNetwork() {}

    /** The corrections that it has. */
    static List<Correction> corrections(Candidate candidate) {
        return corrections(candidate.corrections());
    }

    /** Those of some corrections that it has. */
    public static List<Correction> corrections(List<Correction> all) {
        return all.stream().filter(ChannelScaling.class::isInstance).toList();
    }

    /** A fresh copy. */
    static Model of(Workbench bench, Candidate candidate) throws IOException {
        Model model = bench.prepared().read();
        GraphCorrector.apply(model, corrections(candidate));
        return model;
    }
}
