package dev.fewbit.onnx.correct;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.onnx.graph.Model;

import java.util.List;

/**
 * Carries out the corrections of a plan on the prepared float model. Constants change in memory;
 * names of values stay, and values that are added have fresh names that follow from the model and
 * the corrections alone.
 */
public final class GraphCorrector {
    private GraphCorrector() {}

    /**
     * Changes a model.
     *
     * @param model the prepared float model
     * @param corrections what to do, in this order
     * @throws CorrectionException when one does not fit the model; those before it have been made
     */
    public static void apply(Model model, List<Correction> corrections) {
        if (corrections.isEmpty()) {
            return;
        }
        for (Correction correction : corrections) {
            switch (correction) {
                case Correction.ChannelScaling scaling -> ScaleChannels.apply(model, scaling);
                case Correction.BiasShift shift -> ShiftBias.apply(model, shift);
            }
        }
        model.graph().verify();
    }
}
