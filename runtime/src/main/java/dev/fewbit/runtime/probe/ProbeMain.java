package dev.fewbit.runtime.probe;

import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.RuntimeModelException;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The process that {@link ProcessProbe} starts: loads one model, runs one sample, prints {@code
 * load <ms>} and {@code memory <bytes>} on standard output, or {@code error <message>}.
 */
final class ProbeMain {

    private static final int MOST_LOADS = 5;
    private static final double ENOUGH_MILLIS = 500;

    private ProbeMain() {}

    /**
     * Measures.
     *
     * @param arguments model file, sample file, threads
     */
    @SuppressWarnings("SystemOut") // the process talks to the one that started it
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        try {
            measure(
                    Path.of(arguments[0]),
                    Path.of(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    out);
        } catch (IOException | RuntimeModelException failure) {
            out.println("error " + failure.getMessage());
        }
    }

    private static void measure(Path model, Path sampleFile, int threads, PrintStream out)
            throws IOException {
        Sample sample = SampleFile.read(sampleFile);
        SessionSettings settings = SessionSettings.withThreads(threads);
        // Loads the native library and the classes that a session needs, before the first count.
        ModelSession.runtimeVersion();
        ResidentMemory.bytes();
        long before = ResidentMemory.bytes();

        List<Double> loads = new ArrayList<>();
        long start = System.nanoTime();
        try (ModelSession session = ModelSession.open(model, settings)) {
            loads.add((System.nanoTime() - start) / 1e6);
            try (PreparedRun run = session.prepare(sample)) {
                run.run();
                run.run();
            }
            long after = ResidentMemory.bytes();
            out.println("memory " + (before < 0 || after < 0 ? -1 : Math.max(after - before, 0)));
        }
        double spent = loads.getFirst();
        while (loads.size() < MOST_LOADS && spent < ENOUGH_MILLIS) {
            start = System.nanoTime();
            ModelSession.open(model, settings).close();
            loads.add((System.nanoTime() - start) / 1e6);
            spent += loads.getLast();
        }
        Collections.sort(loads);
        out.println("load " + loads.get(loads.size() / 2));
    }
}
