package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.SmallModels;
import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.runtime.compare.CompareOptions;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.compare.ModelComparison;
import dev.fewbit.runtime.data.Samples;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every encoding reaches the kernel that it was made for; the runtime itself says which kernels it
 * ran.
 */
class KernelReachTest {
    @TempDir Path folder;

    static Stream<Arguments> cases() {
        Recipe exact4 = Recipe.INT4_WEIGHTS.withActivations(Activations.FLOAT);
        return Stream.of(
                Arguments.of(
                        SmallModels.MATMUL, Recipe.INT8_DYNAMIC, List.of("DynamicQuantizeMatMul")),
                Arguments.of(
                        SmallModels.GEMM, Recipe.INT8_DYNAMIC, List.of("DynamicQuantizeMatMul")),
                Arguments.of(
                        SmallModels.SHARED, Recipe.INT8_DYNAMIC, List.of("DynamicQuantizeMatMul")),
                Arguments.of(
                        SmallModels.TIED,
                        Recipe.INT8_DYNAMIC,
                        List.of("DynamicQuantizeMatMul", "Gather")),
                Arguments.of(SmallModels.CONVOLUTION, Recipe.INT8_DYNAMIC, List.of("Conv")),
                Arguments.of(SmallModels.RECURRENT, Recipe.INT8_DYNAMIC, List.of("LSTM")),
                Arguments.of(SmallModels.MATMUL, Recipe.INT8_WEIGHTS, List.of("MatMul")),
                Arguments.of(SmallModels.MATMUL, Recipe.INT4_WEIGHTS, List.of("MatMulNBits")),
                Arguments.of(SmallModels.ODD_MATMUL, Recipe.INT4_WEIGHTS, List.of("MatMulNBits")),
                Arguments.of(SmallModels.GEMM, Recipe.INT4_WEIGHTS, List.of("MatMulNBits")),
                Arguments.of(
                        SmallModels.TRANSPOSED_MATMUL, Recipe.INT4_WEIGHTS, List.of("MatMulNBits")),
                Arguments.of(
                        SmallModels.TIED, Recipe.INT4_WEIGHTS, List.of("MatMulNBits", "Gather")),
                Arguments.of(SmallModels.SHARED, Recipe.INT4_WEIGHTS, List.of("MatMul")),
                Arguments.of(SmallModels.CONVOLUTION, Recipe.INT4_WEIGHTS, List.of("Conv")),
                Arguments.of(SmallModels.MATMUL, exact4, List.of("MatMul")),
                Arguments.of(SmallModels.MATMUL, Recipe.INT2_WEIGHTS, List.of("MatMulNBits")),
                // Its 33 columns are not for the 2-bit kernel: 4 bits at load.
                Arguments.of(
                        SmallModels.TRANSPOSED_MATMUL, Recipe.INT2_WEIGHTS, List.of("MatMulNBits")),
                Arguments.of(SmallModels.TABLE, Recipe.INT2_WEIGHTS, List.of("Gather")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void runsOnTheKernel(SmallModels kind, Recipe recipe, List<String> expected) throws Exception {
        Path original = kind.write(folder.resolve("float.onnx"), weights -> weights);
        Path small = folder.resolve("small.onnx");
        Fewbit.quantize(original).recipe(recipe).writeTo(small);

        CompareOptions kernelsOnly =
                CompareOptions.defaults()
                        .withThreads(1)
                        .withSamples(1, 0)
                        .withLatency(0, Duration.ZERO)
                        .measuring(false, true);
        Comparison comparison;
        try (Samples samples = ComparisonSamples.open(original, Optional.empty(), 0, 1)) {
            comparison = ModelComparison.run(original, small, samples, kernelsOnly);
        }

        List<String> kernels =
                comparison.quantized().kernels().stream().map(Kernel::operator).toList();
        assertThat(kernels).containsAll(expected);
        // Left over at run time, it would turn a whole weight into floats again and again.
        assertThat(kernels).doesNotContain("DequantizeLinear");
    }
}
