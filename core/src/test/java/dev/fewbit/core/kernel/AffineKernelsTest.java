package dev.fewbit.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

class AffineKernelsTest {

    @Test
    void theVectorKernelsAgreeWithTheScalarOnesBitForBit() {
        AffineKernels vector = new VectorKernels();
        assertThat(AffineKernels.best().name()).startsWith("vector").isEqualTo(vector.name());
        new KernelAgreement(vector, 1).check(800);
        new KernelAgreement(AffineKernels.best(), 2).check(100);
    }

    @ParameterizedTest
    @CsvSource({"16, vector 128 bits", "32, vector 256 bits", "64, vector 512 bits"})
    void everyVectorWidthAgrees(int bytes, String name) throws Exception {
        List<String> output =
                java(
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:MaxVectorSize=" + bytes,
                        "--add-modules=jdk.incubator.vector");
        // A processor may have no vectors as wide as that; narrower ones always are to be had.
        int preferred = Integer.parseInt(AffineKernels.best().name().split(" ", -1)[1]);
        String expected = bytes * 8 > preferred ? AffineKernels.best().name() : name;
        assertThat(output).last().isEqualTo(expected);
    }

    @Test
    void withoutTheModuleTheScalarKernelsServeAndOneLineSaysSo() throws Exception {
        List<String> output = java("-Xshare:auto");
        assertThat(output).last().isEqualTo("scalar");
        assertThat(output)
                .filteredOn(line -> line.contains("--add-modules jdk.incubator.vector"))
                .hasSize(1);
    }

    @Test
    void theChoiceIsAFunctionOfWhatTheMachineHas() {
        assertThat(KernelChoice.obstacle(true)).isEmpty();
        assertThat(KernelChoice.obstacle(false))
                .hasValueSatisfying(text -> assertThat(text).contains("--add-modules"));
    }

    @Test
    @Timeout(60)
    void aWarmKernelTakesOverAfterEnoughElements() throws InterruptedException {
        AtomicInteger exercises = new AtomicInteger();
        WarmUp warmUp = new WarmUp(100, elements -> exercises.incrementAndGet());
        assertThat(warmUp.ready(99)).isFalse();
        assertThat(exercises).hasValue(0);
        while (!warmUp.ready(1)) {
            Thread.sleep(1);
        }
        assertThat(exercises).hasPositiveValue();
    }

    @Test
    void theFirstValueThatIsNotFiniteIsFound() {
        float[] values = {Float.NaN, 1, 2, Float.NEGATIVE_INFINITY, Float.NaN};
        assertThat(AffineKernels.firstNonFinite(values, 1, 4)).isEqualTo(2);
        assertThat(AffineKernels.firstNonFinite(values, 1, 2)).isEqualTo(-1);
        assertThat(AffineKernels.firstNonFinite(values, 0, 0)).isEqualTo(-1);
    }

    /** Lines that {@link KernelAgreement} prints in a JVM of its own, which must end well. */
    private static List<String> java(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(
                List.of(
                        "-Duser.language=" + Locale.ENGLISH.getLanguage(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KernelAgreement.class.getName(),
                        "60"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
