package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What only a process of its own shows: exit codes, signals, pipes that close, disks that are full.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessTest {

    @TempDir Path folder;
    private Path model;

    @BeforeEach
    void write() {
        model = TestModels.transformer(folder.resolve("model.onnx"));
    }

    /** A shell line in which {@code $fewbit} runs the tool. */
    private Process shell(String line, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", line, "sh"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve("out.txt").toFile())
                        .redirectError(folder.resolve("err.txt").toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment()
                .put(
                        "fewbit",
                        Path.of(System.getProperty("java.home"), "bin", "java")
                                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC dev.fewbit.cli.Main");
        return builder.start();
    }

    private int run(String line, Object... arguments) throws Exception {
        return shell(line, arguments).waitFor();
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8);
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err.txt"), StandardCharsets.UTF_8);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void exitCodesReachTheCaller() throws Exception {
        assertThat(run("exec $fewbit inspect \"$1\"", model)).isEqualTo(ExitCode.DONE);
        assertThat(out()).contains("Can be quantized");
        assertThat(err()).isEmpty();
        assertThat(run("exec $fewbit inspect missing.onnx")).isEqualTo(ExitCode.FAILURE);
        assertThat(out()).isEmpty();
        assertThat(err()).startsWith("fewbit: ").doesNotContain("\tat ");
        assertThat(run("exec $fewbit inspekt")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoFailure() throws Exception {
        assertThat(run("$fewbit plan \"$1\" | head -n 1", model)).isZero();
        assertThat(out()).startsWith("#");
        assertThat(err()).doesNotContain("pipe").doesNotContain("Exception");
    }

    @Test
    void aResultThatDoesNotArriveIsAFailure() throws Exception {
        assumeThat(Files.exists(Path.of("/dev/full"))).isTrue();
        assertThat(run("exec $fewbit inspect \"$1\" > /dev/full", model))
                .isEqualTo(ExitCode.FAILURE);
        assertThat(err()).contains("fewbit: cannot write to standard output");
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        // A limit on file sizes stands in for the full disk: the same call fails in the same place.
        // 10 blocks are 5 or 10 kB, less than the model takes; the JVM ignores the signal itself.
        int code = run("ulimit -f 10 && exec $fewbit quantize \"$1\" -o small.onnx", model);
        assertThat(code).isEqualTo(ExitCode.FAILURE);
        assertThat(err()).contains("small.onnx").doesNotContain("\tat ");
        assertThat(files()).containsExactly("err.txt", "model.onnx", "out.txt");
    }

    @Test
    void interruptingLeavesNothingBehind() throws Exception {
        Path big = TestModels.matMul(folder.resolve("big.onnx"), TestModels.normal(9, 4096, 8192));
        // The shell would hand on that it ignores the signal, where it does.
        Process process =
                shell("exec $fewbit quantize \"$1\" -o small.onnx --recipe int4-weights", big);
        assumeThat(ignoresInterrupts(process)).isFalse();
        List<String> before = List.of("big.onnx", "err.txt", "model.onnx", "out.txt");
        while (process.isAlive() && files().equals(before)) {
            Thread.sleep(2);
        }
        assumeThat(process.isAlive()).isTrue();
        assertThat(
                        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(err())
                .isEqualToNormalizingNewlines("fewbit: interrupted; small.onnx was not written\n");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aSearchThatIsKilledGoesOnAndComesToTheSame() throws Exception {
        model = TestModels.convolutions(folder.resolve("model.onnx"));
        Files.write(folder.resolve("data.jsonl"), TestModels.pictures(24));
        String search = "exec $fewbit search \"$1\" -o \"$2\" --data data.jsonl --max-size 5000";
        assertThat(run(search + " --measurements whole", model, "whole.onnx")).isZero();
        List<String> whole = figures("whole");
        List<String> before = List.of();
        // Once in the midst of rounding, once in the midst of measuring.
        for (String stage : List.of("layer-error", "loss")) {
            long earlier = whole.stream().takeWhile(line -> !isOf(stage, line)).count();
            Process process = shell(search + " --measurements cut", model, "cut.onnx");
            while (process.isAlive() && figures("cut").size() <= earlier) {
                Thread.sleep(1);
            }
            process.destroyForcibly().waitFor();
            List<String> now = figures("cut");
            assertThat(now).hasSizeGreaterThan((int) earlier);
            assertThat(now.subList(0, before.size())).isEqualTo(before);
            before = now;
        }
        assumeThat(before).hasSizeLessThan(whole.size());
        assertThat(run(search + " --measurements cut --json", model, "cut.onnx")).isZero();
        List<String> after = figures("cut");
        // What was measured is where it was, and nothing was measured twice.
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        assertThat(after).containsExactlyInAnyOrderElementsOf(whole);
        assertThat(err()).contains(before.size() + " of them by searches before");
        assertThat(folder.resolve("cut.onnx")).hasSameBinaryContentAs(folder.resolve("whole.onnx"));
    }

    private static boolean isOf(String stage, String figure) {
        return figure.contains("\t" + stage + " ");
    }

    /** The whole lines of what a search has measured so far. */
    private List<String> figures(String measurements) throws IOException {
        Path root = folder.resolve(measurements);
        if (!Files.exists(root)) {
            return List.of();
        }
        // Not a walk, which fails where files come and go.
        try (Stream<Path> folders = Files.list(root)) {
            Optional<Path> log =
                    folders.map(each -> each.resolve("measurements.tsv"))
                            .filter(Files::exists)
                            .findFirst();
            if (log.isEmpty()) {
                return List.of();
            }
            String text = Files.readString(log.get());
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        }
    }

    /** Whether the process was started with SIGINT ignored, as shells do it for background jobs. */
    private static boolean ignoresInterrupts(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return false;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0;
            }
        }
        return false;
    }
}
