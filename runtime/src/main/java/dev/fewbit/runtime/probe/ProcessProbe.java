package dev.fewbit.runtime.probe;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.files.TemporaryFolder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loads a model in a fresh JVM, so that neither other models nor a warm runtime blur the figures.
 *
 * <p>The child's heap is touched whole before the first count, so that the growth of resident
 * memory is the runtime's alone. Load time is the median of up to five loads; the file is in the
 * page cache when the comparison has read it before.
 */
public final class ProcessProbe {

    private static final long HEAP_BYTES = 32L << 20;
    private static final long LONGEST_MINUTES = 10;

    /**
     * What was measured.
     *
     * @param loadMillis time to create a session; negative when it could not be measured
     * @param memoryBytes resident memory after loading and running, over that before; negative when
     *     it could not be measured
     * @param problem why something could not be measured, as a sentence; empty when all was
     */
    public record Result(double loadMillis, long memoryBytes, String problem) {}

    private ProcessProbe() {}

    /**
     * Measures one model.
     *
     * @param model the file
     * @param sample what to run it on
     * @param threads threads to run on
     * @throws InterruptedException if the thread is interrupted; the child is ended then
     */
    public static Result measure(Path model, Sample sample, int threads)
            throws InterruptedException {
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-probe")) {
            Path input = folder.file("sample");
            SampleFile.write(input, sample);
            return start(model, sample, threads, input, folder.file("output"));
        } catch (IOException failure) {
            return new Result(-1, -1, "no process could be started: " + failure.getMessage());
        }
    }

    private static Result start(Path model, Sample sample, int threads, Path input, Path output)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String heap = Long.toString(HEAP_BYTES + 4 * bytes(sample));
        command.add("-Xms" + heap);
        command.add("-Xmx" + heap);
        command.add("-XX:+AlwaysPreTouch");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Xshare:auto");
        command.add("--enable-native-access=ALL-UNNAMED");
        String libraries = System.getProperty("onnxruntime.native.path");
        if (libraries != null) {
            command.add("-Donnxruntime.native.path=" + libraries);
        }
        command.add(ProbeMain.class.getName());
        command.add(model.toAbsolutePath().toString());
        command.add(input.toString());
        command.add(Integer.toString(threads));

        ProcessBuilder builder = new ProcessBuilder(command);
        // Not as an argument: a class path may be longer than an argument can be.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path", ""));
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                return new Result(
                        -1, -1, "the process took more than " + LONGEST_MINUTES + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        return parse(Files.readString(output, StandardCharsets.UTF_8), process.exitValue());
    }

    /** Reads the words of {@link ProbeMain}; other lines are the JVM's own. */
    static Result parse(String output, int exitCode) {
        double load = -1;
        long memory = -1;
        String problem = "";
        String last = "";
        for (String line : output.lines().toList()) {
            if (line.startsWith("load ")) {
                load = Double.parseDouble(line.substring(5));
            } else if (line.startsWith("memory ")) {
                memory = Long.parseLong(line.substring(7));
            } else if (line.startsWith("error ")) {
                problem = line.substring(6);
            } else if (!line.isBlank()) {
                last = line.strip();
            }
        }
        if (load < 0 && problem.isEmpty()) {
            problem =
                    "the process ended with code "
                            + exitCode
                            + (last.isEmpty() ? "" : " and said: " + last);
        } else if (memory < 0 && problem.isEmpty()) {
            problem = "the system does not tell a process's resident memory";
        }
        return new Result(load, memory, problem);
    }

    private static long bytes(Sample sample) {
        long bytes = 0;
        for (NumberArray array : sample.inputs().values()) {
            bytes += array.bytes().remaining();
        }
        return bytes;
    }
}
