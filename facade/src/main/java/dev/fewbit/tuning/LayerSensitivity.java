package dev.fewbit.tuning;

import dev.fewbit.planning.integer.PlannedLayer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Finds the layers that lose most.
 *
 * <p>What a layer loses is measured in the model's outputs with this layer quantized and all others
 * in float; so one bad layer does not hide another. In networks that break, a few layers lose a
 * hundred times as much as all others. So they are looked for by halving: a group of neighbouring
 * layers is quantized alone, and the group that loses most is split in two, again and again, until
 * what is left in groups hardly matters or the trials are used up. With n layers of which k are bad
 * that takes about 2 k log2(n / k) trials.
 */
final class LayerSensitivity {
    /** Share of the loss of all groups up to which groups are not worth a closer look. */
    private static final double NEGLIGIBLE = 0.05;

    private static final String REASON = "not under trial";

    private final Workbench bench;
    private final Candidate candidate;
    private final List<PlannedLayer> all;
    private final Map<PlannedLayer, Integer> places = new HashMap<>();
    private int trials;

    /**
     * A layer and its loss.
     *
     * @param layer the layer
     * @param loss what it loses alone, as a relative error of the outputs
     * @param measured whether the layer was tried on its own; else the loss is its share of that of
     *     a group
     */
    record Ranked(PlannedLayer layer, double loss, boolean measured) {}

    private record Group(List<PlannedLayer> layers, double loss) {}

    private LayerSensitivity(
            Workbench bench, Candidate candidate, List<PlannedLayer> all, int trials) {
        this.bench = bench;
        this.candidate = candidate;
        this.all = all;
        this.trials = trials;
        for (PlannedLayer layer : all) {
            places.put(layer, places.size());
        }
    }

    /**
     * The layers of a candidate, the one that loses most first.
     *
     * @param layers all its layers in the order of the graph
     * @param trials how many models may be tried
     */
    static List<Ranked> rank(
            Workbench bench, Candidate candidate, List<PlannedLayer> layers, int trials)
            throws IOException {
        return new LayerSensitivity(bench, candidate, layers, trials).rank();
    }

    /** The candidate with nothing quantized but some of its layers. */
    static Candidate only(Candidate candidate, List<PlannedLayer> all, List<PlannedLayer> wanted) {
        Map<String, String> nodes = new HashMap<>();
        Map<String, String> tensors = new HashMap<>();
        Set<String> unrounded = new HashSet<>();
        for (PlannedLayer layer : all) {
            if (!wanted.contains(layer)) {
                layer.nodes().forEach(node -> nodes.put(node, REASON));
                tensors.put(layer.tensor(), REASON);
                unrounded.addAll(layer.readers());
            }
        }
        return candidate.withFloat(nodes, tensors, unrounded);
    }

    private List<Ranked> rank() throws IOException {
        if (all.isEmpty()) {
            return List.of();
        }
        PriorityQueue<Group> open =
                new PriorityQueue<>(
                        Comparator.comparingDouble(Group::loss)
                                .reversed()
                                .thenComparing(group -> places.get(group.layers().getFirst())));
        List<Group> singles = new ArrayList<>();
        add(new Group(all, bench.loss(candidate)), open, singles);
        while (trials >= 2 && !open.isEmpty() && matters(open, singles)) {
            Group worst = open.remove();
            int middle = worst.layers().size() / 2;
            add(measured(worst.layers().subList(0, middle)), open, singles);
            add(measured(worst.layers().subList(middle, worst.layers().size())), open, singles);
        }
        List<Ranked> ranked = new ArrayList<>();
        singles.forEach(
                group -> ranked.add(new Ranked(group.layers().getFirst(), group.loss(), true)));
        for (Group group : open) {
            double share = group.loss() / group.layers().size();
            group.layers().forEach(layer -> ranked.add(new Ranked(layer, share, false)));
        }
        ranked.sort(
                Comparator.comparingDouble(Ranked::loss)
                        .reversed()
                        .thenComparing(each -> places.get(each.layer())));
        return ranked;
    }

    private static void add(Group group, PriorityQueue<Group> open, List<Group> singles) {
        if (group.layers().size() == 1) {
            singles.add(group);
        } else {
            open.add(group);
        }
    }

    private static boolean matters(PriorityQueue<Group> open, List<Group> singles) {
        double unknown = open.stream().mapToDouble(Group::loss).sum();
        double known = singles.stream().mapToDouble(Group::loss).sum();
        return unknown > NEGLIGIBLE * (known + unknown);
    }

    private Group measured(List<PlannedLayer> layers) throws IOException {
        trials--;
        return new Group(layers, bench.loss(only(candidate, all, layers)));
    }
}
