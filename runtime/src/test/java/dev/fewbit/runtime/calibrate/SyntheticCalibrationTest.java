package dev.fewbit.runtime.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.TestModels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class SyntheticCalibrationTest {

    @TempDir private Path folder;

    @Test
    void measuresOnNoiseAndSaysSo() throws Exception {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        List<Observation> wanted =
                List.of(Observation.ofTensor("x"), Observation.ofTensor("hidden"));
        Statistics one =
                SyntheticCalibration.run(model, wanted, 40, 7, CalibrationOptions.defaults());
        assertThat(one.samples()).isEqualTo(40);
        assertThat(one.find("x").orElseThrow().count()).isEqualTo(40L * TestModels.INPUTS);
        assertThat(one.find("hidden").orElseThrow().minimum()).isZero();
        assertThat(one.warnings()).singleElement().asString().contains("random");
        Statistics again =
                SyntheticCalibration.run(model, wanted, 40, 7, CalibrationOptions.defaults());
        CalibrationTest.assertSame(again, one);
    }
}
