package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that is told to end (Ctrl-C, kill) while it writes leaves no half-written file. */
class InterruptedWriteTest {
    @TempDir Path folder;

    /** Writes a model whose last tensor never ends. */
    static final class EndlessWrite {
        private EndlessWrite() {}

        public static void main(String[] arguments) throws IOException {
            Model model = OnnxModels.empty();
            model.graph()
                    .addInitializer("ready", Tensor.ofFloats(new long[] {1000}, new float[1000]));
            model.graph()
                    .addInitializer(
                            "endless",
                            Tensor.pending(
                                    ElementType.INT8,
                                    new long[] {2000},
                                    _ -> {
                                        System.out.println("writing");
                                        try {
                                            Thread.sleep(TimeUnit.HOURS.toMillis(1));
                                        } catch (InterruptedException e) {
                                            throw new IOException(e);
                                        }
                                    }));
            OnnxWriter.write(
                    model, Path.of(arguments[0]), WriteOptions.defaults().withMostEmbeddedBytes(0));
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EndlessWrite.class.getName(),
                                folder.resolve("model.onnx").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(process.inputReader().readLine()).isEqualTo("writing");
        assertThat(folder).isNotEmptyDirectory();

        // SIGTERM, which ends a JVM the way Ctrl-C does.
        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
