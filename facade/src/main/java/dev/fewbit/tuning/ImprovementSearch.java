package dev.fewbit.tuning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tries improvements one after the other and keeps what loses least.
 *
 * <p>An improvement may help only together with one that comes later: rescaled channels, say, once
 * biases make up for the rest. So not one network is improved on but the two best, and an
 * improvement is tried on both. It makes a third and a fourth, of which the two best go on.
 */
final class ImprovementSearch {
    /** Networks that go on. */
    private static final int KEPT = 2;

    /** One that loses this many times what the best does has no prospects. */
    private static final double HOPELESS = 2;

    /**
     * A network with fewer corrections is taken unless one with more leaves less than this share of
     * its error: smaller differences are within what other samples would have shown.
     */
    private static final double WORTH_MORE = 0.95;

    private final Workbench bench;
    private final List<Improvement> improvements;
    private final List<String> notes;
    private final double worthwhile;

    /**
     * @param worthwhile the network without corrections is taken unless the best one with some
     *     leaves no more than this share of its error
     * @param improvements in the order in which they are tried
     * @param notes is told what was tried and what came of it
     */
    ImprovementSearch(
            Workbench bench,
            double worthwhile,
            List<Improvement> improvements,
            List<String> notes) {
        this.bench = bench;
        this.improvements = improvements;
        this.notes = notes;
        this.worthwhile = worthwhile;
    }

    /**
     * A network.
     *
     * @param candidate what it follows from
     * @param loss what it loses
     * @param choices titles of what decided how it is rounded
     * @param corrections titles of what corrected it
     */
    record Found(Candidate candidate, double loss, List<String> choices, List<String> corrections) {

        /** Copies the lists. */
        Found {
            choices = List.copyOf(choices);
            corrections = List.copyOf(corrections);
        }

        private Found with(Improvement improvement, Candidate proposal, double newLoss) {
            List<String> more = new ArrayList<>(improvement.corrects() ? corrections : choices);
            more.add(improvement.title());
            return improvement.corrects()
                    ? new Found(proposal, newLoss, choices, more)
                    : new Found(proposal, newLoss, more, corrections);
        }

        private String describe() {
            List<String> all = titles();
            return all.isEmpty() ? "" : ", after " + String.join(", ", all);
        }

        /** What was kept, in words. */
        List<String> titles() {
            List<String> all = new ArrayList<>(choices);
            all.addAll(corrections);
            return all;
        }
    }

    /** Improves a candidate as far as that goes. */
    Found run(Candidate start) throws IOException, InterruptedException {
        List<Found> best = List.of(new Found(start, bench.loss(start), List.of(), List.of()));
        Found simple = best.getFirst();
        for (Improvement improvement : improvements) {
            bench.options().progress().update(improvement.title(), 0, 1);
            best = tryOut(improvement, best);
            if (!improvement.corrects()) {
                simple = best.getFirst();
                best = List.of(simple);
            }
        }
        Found chosen = chosen(best, simple);
        if (!chosen.titles().isEmpty() || best.size() > 1) {
            notes.add(
                    chosen.titles().isEmpty()
                            ? "nothing of that gains enough, so the simple network is kept"
                            : "kept: " + String.join(", ", chosen.titles()));
        }
        return chosen;
    }

    private List<Found> tryOut(Improvement improvement, List<Found> best)
            throws IOException, InterruptedException {
        List<Found> all = new ArrayList<>(best);
        for (Found each : best) {
            Optional<Candidate> proposal = improvement.propose(bench, each.candidate());
            if (proposal.isPresent()) {
                double loss = bench.loss(proposal.get());
                notes.add(
                        String.format(
                                Locale.ROOT,
                                "%s%s: relative output error %.3g, before %.3g",
                                improvement.title(),
                                each.describe(),
                                loss,
                                each.loss()));
                all.add(each.with(improvement, proposal.get(), loss));
            }
        }
        all.sort(Comparator.comparingDouble(Found::loss));
        double least = all.getFirst().loss();
        return all.stream().filter(each -> each.loss() <= HOPELESS * least).limit(KEPT).toList();
    }

    private Found chosen(List<Found> best, Found simple) {
        Found chosen = null;
        for (Found each :
                best.stream()
                        .sorted(Comparator.comparingInt(found -> found.corrections().size()))
                        .toList()) {
            if (chosen == null || each.loss() < WORTH_MORE * chosen.loss()) {
                chosen = each;
            }
        }
        return chosen == null || chosen.loss() > worthwhile * simple.loss() ? simple : chosen;
    }
}
