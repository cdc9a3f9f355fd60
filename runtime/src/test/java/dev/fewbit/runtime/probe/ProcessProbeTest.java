package dev.fewbit.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

class ProcessProbeTest {

    @TempDir private Path folder;

    private static Sample sample() {
        NumberArray x = NumberArray.ofFloats(new float[TestModels.INPUTS], 1, TestModels.INPUTS);
        return new Sample(0, Map.of("x", x), Optional.empty());
    }

    @Test
    void measuresInAProcessOfItsOwn() throws Exception {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        ProcessProbe.Result result = ProcessProbe.measure(model, sample(), 1);
        assertThat(result.loadMillis()).isPositive();
        if (Files.isReadable(Path.of("/proc/self/status"))) {
            assertThat(result.problem()).isEmpty();
            assertThat(result.memoryBytes()).isPositive();
        }
    }

    @Test
    void aModelThatDoesNotLoadIsAProblemNotAFailure() throws Exception {
        Path model = Files.writeString(folder.resolve("m.onnx"), "not a model");
        ProcessProbe.Result result = ProcessProbe.measure(model, sample(), 1);
        assertThat(result.loadMillis()).isNegative();
        assertThat(result.memoryBytes()).isNegative();
        assertThat(result.problem()).contains("m.onnx").contains("loading the model failed");
    }

    @Test
    void readsWhatTheProcessSays() {
        assertThat(ProcessProbe.parse("memory 5\nload 1.5\n", 0))
                .isEqualTo(new ProcessProbe.Result(1.5, 5, ""));
        assertThat(ProcessProbe.parse("memory -1\nload 1.5\n", 0).problem())
                .contains("resident memory");
        assertThat(ProcessProbe.parse("Could not reserve heap\n", 1).problem())
                .isEqualTo("the process ended with code 1 and said: Could not reserve heap");
    }

    @Test
    void samplesSurviveTheFile() throws IOException {
        Map<String, NumberArray> inputs = new LinkedHashMap<>();
        inputs.put("a", NumberArray.ofLongs(new long[] {1, -2, Long.MAX_VALUE}, 3, 1));
        inputs.put("b", NumberArray.ofFloats(new float[] {Float.NaN}));
        inputs.put("c", NumberArray.ofLongs(new long[0], 0, 4).as(NumberType.UINT8));
        Path file = folder.resolve("sample");
        SampleFile.write(file, new Sample(7, inputs, Optional.empty()));
        Map<String, NumberArray> read = SampleFile.read(file).inputs();
        assertThat(read.keySet()).containsExactly("a", "b", "c");
        for (String name : inputs.keySet()) {
            assertThat(read.get(name).toString()).isEqualTo(inputs.get(name).toString());
            assertThat(read.get(name).bytes()).isEqualTo(inputs.get(name).bytes());
        }
    }
}
