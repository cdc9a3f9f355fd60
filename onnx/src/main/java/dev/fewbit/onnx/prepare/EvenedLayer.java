package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.Arrays;

/**
 * A layer while its channels are being rescaled: the largest weight between each input and output
 * channel, and the factors so far. The layer itself changes in {@link #store}.
 */
final class EvenedLayer {
    private final LinearLayer layer;
    private final ChannelMap inputs;
    private final ChannelMap outputs;
    private final double[] magnitudes;
    private final double[] inputFactors;
    private final double[] outputFactors;

    EvenedLayer(LinearLayer layer) {
        this.layer = layer;
        this.inputs = layer.inputChannels();
        this.outputs = layer.outputChannels();
        this.magnitudes = magnitudes(layer.weights());
        this.inputFactors = ones(inputs.channels());
        this.outputFactors = ones(outputs.channels());
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static boolean areOnes(double[] factors) {
        return Arrays.stream(factors).allMatch(factor -> factor == 1);
    }

    private double[] magnitudes(float[] weights) {
        double[] result = new double[inputs.first() * inputs.second()];
        for (int i = 0, at = 0; i < result.length; i++) {
            for (int k = 0; k < inputs.rest(); k++, at++) {
                result[i] = Math.max(result[i], Math.abs(weights[at]));
            }
        }
        return result;
    }

    /** What the output channels have been divided by. */
    double[] outputFactors() {
        return outputFactors;
    }

    /** The largest weight of each output channel, as it is now. */
    double[] outputMagnitudes() {
        return scaledMagnitudes(outputs, 1);
    }

    /** The largest weight of each group of adjacent input channels, as it is now. */
    double[] inputMagnitudes(int repeats) {
        return scaledMagnitudes(inputs, repeats);
    }

    private double[] scaledMagnitudes(ChannelMap by, int repeats) {
        double[] result = new double[by.channels() / repeats];
        for (int i = 0, at = 0; i < by.first(); i++) {
            for (int j = 0; j < by.second(); j++, at++) {
                double now =
                        magnitudes[at]
                                * inputFactors[inputs.channel(i, j)]
                                / outputFactors[outputs.channel(i, j)];
                int channel = by.channel(i, j) / repeats;
                result[channel] = Math.max(result[channel], now);
            }
        }
        return result;
    }

    void divideOutputs(double[] factors) {
        for (int channel = 0; channel < factors.length; channel++) {
            outputFactors[channel] *= factors[channel];
        }
    }

    void multiplyInputs(double[] factors, int repeats) {
        for (int channel = 0; channel < inputFactors.length; channel++) {
            inputFactors[channel] *= factors[channel / repeats];
        }
    }

    /** Rescales the weights and the bias of the layer. */
    void store() {
        if (areOnes(inputFactors) && areOnes(outputFactors)) {
            return;
        }
        float[] weights = layer.weights();
        for (int i = 0, at = 0; i < inputs.first(); i++) {
            for (int j = 0; j < inputs.second(); j++) {
                double factor =
                        inputFactors[inputs.channel(i, j)] / outputFactors[outputs.channel(i, j)];
                for (int k = 0; k < inputs.rest(); k++, at++) {
                    weights[at] = (float) (weights[at] * factor);
                }
            }
        }
        layer.setWeights(weights);
        if (layer.hasBias() && !areOnes(outputFactors)) {
            double[] scaled = layer.bias();
            for (int channel = 0; channel < scaled.length; channel++) {
                scaled[channel] /= outputFactors[channel];
            }
            layer.setBias(scaled);
        }
    }
}
