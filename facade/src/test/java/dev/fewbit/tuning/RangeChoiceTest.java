package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.StaticOptions;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.OutputTrials;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Ranges chosen by measurement are no worse than any one way for all. */
class RangeChoiceTest {
    @TempDir Path folder;

    @Test
    void isAtLeastAsGoodAsEveryWay() throws IOException {
        Path model = ConvolutionNet.write(folder.resolve("net.onnx"));
        Path data = ConvolutionNet.data(folder.resolve("data.jsonl"), 0, 32);
        double chosen = loss(model, data, StaticOptions.AUTO);
        for (String way : List.of("squared-error", "min-max", "percentile:99.99", "entropy")) {
            assertThat(chosen).as(way).isLessThanOrEqualTo(loss(model, data, way));
        }
    }

    private double loss(Path model, Path data, String way) throws IOException {
        Path small = folder.resolve("small.onnx");
        Recipe recipe =
                Recipe.INT8.withStatics(
                        Recipe.INT8.statics().withCorrections(false).withCalibration(way));
        Fewbit.quantize(model).recipe(recipe).data(data).threads(1).writeTo(small);
        try (Samples samples = ComparisonSamples.open(model, Optional.of(data), 0, 1)) {
            return OutputTrials.of(model, samples, TuningOptions.TRIAL_SAMPLES, 1).loss(small);
        }
    }
}
