package dev.fewbit.onnx.correct;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
     * @return the values that are not what they were in the float model, because their channels are
     *     scaled, in the order of the corrections
     * @throws CorrectionException when one does not fit the model; those before it have been made
     */
    public static Set<Value> apply(Model model, List<Correction> corrections) {
        Set<Value> rescaled = new LinkedHashSet<>();
        for (Correction correction : corrections) {
            switch (correction) {
                case Correction.ChannelScaling scaling ->
                        rescaled.addAll(ScaleChannels.apply(model, scaling));
                case Correction.BiasShift shift -> ShiftBias.apply(model, shift);
                case Correction.ChannelGain gain -> MultiplyInputs.apply(model, gain);
            }
        }
        model.graph().verify();
        return rescaled;
    }
}
