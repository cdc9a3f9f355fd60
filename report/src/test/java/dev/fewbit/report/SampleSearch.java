package dev.fewbit.report;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.LayerChoice;
import dev.fewbit.core.findings.LayerChoice.Alternative;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchLimits;
import dev.fewbit.core.findings.SearchPoint;

import java.util.ArrayList;
import java.util.List;

/** A search over the layers of a small convolutional network. */
final class SampleSearch {

    private static final long FLOAT_BYTES = 1_092_000;

    private SampleSearch() {}

    static SearchFindings of(int layers) {
        List<SearchPoint> front = new ArrayList<>();
        for (int i = 0; i <= 120; i++) {
            double bits = 2 + i / 20.0;
            front.add(
                    new SearchPoint(
                            "", size(bits), 2.4 * Math.pow(4, -bits), null, 0.0011 + bits * 1e-5));
        }
        List<SearchPoint> fixed = new ArrayList<>();
        for (int bits : new int[] {2, 3, 4, 6, 8}) {
            double predicted = 6.5 * Math.pow(4, -bits);
            fixed.add(
                    new SearchPoint(bits + " bits", size(bits), predicted, predicted * 1.2, null));
        }
        return new SearchFindings(
                "divergence of the outputs",
                new SearchLimits(190_000L, null, 0.0012),
                front,
                fixed,
                new SearchPoint("chosen", 187_312, 0.0041, 0.0063, 0.00114),
                FLOAT_BYTES,
                choices(layers));
    }

    /** The same findings with what a search found. */
    static Findings in(Findings findings, SearchFindings search) {
        return new Findings(
                findings.toolVersion(),
                findings.recipe(),
                findings.planHash(),
                findings.seed(),
                findings.original(),
                findings.quantized(),
                findings.weights(),
                findings.skipped(),
                findings.comparison(),
                findings.verdict(),
                findings.warnings(),
                findings.notes(),
                search);
    }

    private static long size(double bits) {
        return 26_000 + (long) (272_000 * bits / 8);
    }

    private static List<LayerChoice> choices(int layers) {
        List<LayerChoice> choices = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            int bits = i == 0 ? 8 : 3 + i * 7 % 4;
            long weights = 432L << (2 * (i * 3 / layers));
            choices.add(
                    new LayerChoice(
                            "layer%d.%d.conv.weight".formatted(1 + i * 3 / layers, i),
                            "convolution 3 \u00D7 3",
                            weights,
                            bits + " bits, channels",
                            weights * bits / 8 + 64,
                            1.0 / layers,
                            i == 0
                                    ? "the first layer sees the pictures themselves"
                                    : "one bit less would add more loss for a byte than any other"
                                            + " layer would save",
                            i == 1
                                    ? null
                                    : new Alternative(
                                            bits - 1 + " bits, channels", -weights / 8, 0.0007),
                            bits == 8
                                    ? null
                                    : new Alternative(
                                            bits + 1 + " bits, channels", weights / 8, -0.00013)));
        }
        return choices;
    }
}
