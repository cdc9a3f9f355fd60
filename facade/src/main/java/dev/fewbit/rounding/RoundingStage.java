package dev.fewbit.rounding;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Layers that do not depend on each other.
 *
 * @param sites those that are rounded by data
 * @param shifted those that have nearest levels, and get their means by way of their biases
 */
record RoundingStage(List<LayerSite> sites, List<LayerSite> shifted) {

    /** Copies the lists. */
    RoundingStage {
        sites = List.copyOf(sites);
        shifted = List.copyOf(shifted);
    }

    /**
     * Stage by stage; layers that cannot be joined from groups are left to nearest rounding.
     *
     * @param notes is told which those are
     */
    static List<RoundingStage> of(LayerSites layers, List<String> notes) {
        SortedMap<Integer, RoundingStage> stages = new TreeMap<>();
        for (LayerSite site : layers.sites()) {
            if (sharesAcrossGroups(site)) {
                notes.add(
                        site.plan().tensor()
                                + " is rounded to nearest levels: its groups share scales or"
                                + " tables");
                add(stages, site, List.of(), List.of(site));
            } else {
                add(stages, site, List.of(site), List.of());
            }
        }
        layers.shifted().forEach(site -> add(stages, site, List.of(), List.of(site)));
        return List.copyOf(stages.values());
    }

    /** Whether all groups of a convolution share scales or tables. */
    static boolean sharesAcrossGroups(LayerSite site) {
        LinearLayer layer = site.layer();
        boolean together =
                site.plan().format() instanceof Codebook
                        || site.plan().grouping().kind() == Grouping.Kind.TENSOR;
        return together && layer.outputChannels().groups() > 1;
    }

    private static void add(
            SortedMap<Integer, RoundingStage> stages,
            LayerSite site,
            List<LayerSite> sites,
            List<LayerSite> shifted) {
        stages.merge(site.stage(), new RoundingStage(sites, shifted), RoundingStage::with);
    }

    private RoundingStage with(RoundingStage other) {
        List<LayerSite> allSites = new ArrayList<>(sites);
        allSites.addAll(other.sites);
        List<LayerSite> allShifted = new ArrayList<>(shifted);
        allShifted.addAll(other.shifted);
        return new RoundingStage(allSites, allShifted);
    }
}
