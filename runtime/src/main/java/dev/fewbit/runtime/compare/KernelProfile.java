package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.profile.ProfileEvent;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which kernels the runtime really ran, from its own profile of a few runs. The profile has a
 * session of its own, so that writing it does not disturb any timing.
 */
final class KernelProfile {

    private static final int RUNS = 3;

    private KernelProfile() {}

    /**
     * Profiles a model on one sample.
     *
     * @param model the file
     * @param sample what to run it on
     * @param threads threads to run on
     * @return kernels by time, longest first
     * @throws IOException if the profile cannot be written or read
     */
    static List<Kernel> measure(Path model, Sample sample, int threads) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-profile")) {
            SessionSettings settings =
                    SessionSettings.withThreads(threads).profiled(folder.file("run"));
            try (ModelSession session = ModelSession.open(model, settings);
                    PreparedRun run = session.prepare(sample)) {
                for (int i = 0; i <= RUNS; i++) {
                    run.run();
                }
                try (BufferedReader reader = Files.newBufferedReader(session.endProfiling())) {
                    return parse(reader);
                }
            }
        }
    }

    private static final class Tally {
        private final Set<String> nodes = new HashSet<>();
        private long microseconds;
    }

    private static final class Tallies {
        private final Map<String, Tally> byOperator = new TreeMap<>();
        private boolean warm;

        void add(ProfileEvent event) {
            if (event.endsRun() && !warm) {
                warm = true;
                byOperator.values().forEach(tally -> tally.microseconds = 0);
            }
            if (event.isKernel()) {
                Tally tally = byOperator.computeIfAbsent(event.operator(), any -> new Tally());
                tally.nodes.add(event.name() + "#" + event.node());
                tally.microseconds += event.microseconds();
            }
        }
    }

    /**
     * Adds up a profile in Chrome's trace format: an array of events, of which those of category
     * {@code Node} carry the operator. The events up to the end of the first run are warm-up and
     * left out when there are later ones.
     *
     * @param profile the text
     */
    static List<Kernel> parse(Reader profile) throws IOException {
        Tallies tallies = new Tallies();
        ProfileEvent.readAll(profile, tallies::add);
        return kernels(tallies.byOperator);
    }

    private static List<Kernel> kernels(Map<String, Tally> tallies) {
        long total = 0;
        for (Tally tally : tallies.values()) {
            total += tally.microseconds;
        }
        List<Kernel> kernels = new ArrayList<>();
        for (Map.Entry<String, Tally> entry : tallies.entrySet()) {
            Tally tally = entry.getValue();
            double share = total == 0 ? 0 : (double) tally.microseconds / total;
            kernels.add(new Kernel(entry.getKey(), tally.nodes.size(), share));
        }
        kernels.sort(
                Comparator.comparingDouble(Kernel::timeShare)
                        .reversed()
                        .thenComparing(Kernel::operator));
        return kernels;
    }
}
