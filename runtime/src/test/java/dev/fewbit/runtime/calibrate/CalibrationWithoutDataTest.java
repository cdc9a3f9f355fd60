package dev.fewbit.runtime.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class CalibrationWithoutDataTest {

    @TempDir private Path folder;

    private static Statistics onNoise(Path model, List<Observation> wanted) throws Exception {
        try (Samples samples = ComparisonSamples.open(model, Optional.empty(), 7, 40)) {
            return Calibration.run(model, wanted, samples, CalibrationOptions.defaults());
        }
    }

    @Test
    void measuresOnNoiseAndSaysSo() throws Exception {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        List<Observation> wanted =
                List.of(Observation.ofTensor("x"), Observation.ofTensor("hidden"));
        Statistics one = onNoise(model, wanted);
        assertThat(one.samples()).isEqualTo(40);
        assertThat(one.find("x").orElseThrow().count()).isEqualTo(40L * TestModels.INPUTS);
        assertThat(one.find("hidden").orElseThrow().minimum()).isZero();
        assertThat(one.warnings()).singleElement().asString().contains("random");
        Statistics again = onNoise(model, wanted);
        CalibrationTest.assertSame(again, one);
    }
}
