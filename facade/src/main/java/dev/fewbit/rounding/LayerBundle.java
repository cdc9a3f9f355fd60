package dev.fewbit.rounding;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.rounding.WeightMatrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers that read the same value, such as queries, keys and values of an attention: their moments
 * are the same, so they are rounded as one matrix.
 *
 * @param sites the layers, at least one
 */
record LayerBundle(List<LayerSite> sites) {

    /** Copies the list. */
    LayerBundle {
        sites = List.copyOf(sites);
    }

    /** Puts the layers of a stage together, in their order. */
    static List<LayerBundle> of(List<LayerSite> stage) {
        Map<Object, List<LayerSite>> bundles = new LinkedHashMap<>();
        for (LayerSite site : stage) {
            bundles.computeIfAbsent(key(site), _ -> new ArrayList<>()).add(site);
        }
        return bundles.values().stream().map(LayerBundle::new).toList();
    }

    private record Key(String input, Object format, Grouping grouping, Object how, boolean bias) {}

    private static Object key(LayerSite site) {
        boolean alone =
                !site.isProduct()
                        || site.plan().format() instanceof Codebook
                        || site.plan().grouping().kind() == Grouping.Kind.TENSOR;
        return alone
                ? site
                : new Key(
                        site.layer().input().name(),
                        site.plan().format(),
                        site.plan().grouping(),
                        site.plan().rounding(),
                        site.takesBias());
    }

    /** One of the layers, for what all have in common. */
    LayerSite first() {
        return sites.getFirst();
    }

    /** Where the matrix of a layer lies in its tensor. */
    static WeightPlaces places(LayerSite site) {
        return WeightPlaces.of(site.layer());
    }

    /** Inputs of an output. */
    int columns() {
        return places(first()).columns();
    }

    /** Outputs of all layers together. */
    int rows() {
        return sites.stream().mapToInt(site -> places(site).rows()).sum();
    }

    /** The weights of all layers, one below the other, read now. */
    WeightMatrix weights() {
        if (sites.size() == 1) {
            return places(first()).matrix(first().layer().weights());
        }
        float[] all = new float[rows() * columns()];
        int at = 0;
        for (LayerSite site : sites) {
            float[] own = places(site).matrix(site.layer().weights()).toArray();
            System.arraycopy(own, 0, all, at, own.length);
            at += own.length;
        }
        return new WeightMatrix(all, rows(), columns());
    }

    /** Whether biases can make up for wrong means. */
    boolean takesBias() {
        return first().takesBias();
    }

    /** For messages. */
    String label() {
        return first().label();
    }
}
