package dev.fewbit.rounding;

import dev.fewbit.core.plan.Correction.ChannelAxis;

import java.util.List;

/**
 * A value whose channels can be divided by factors, and the products with matrices that read it.
 *
 * @param name the value in the float network
 * @param sites all its readers
 * @param divided constants in front of it whose channels are divided
 */
record ScaledInput(String name, List<LayerSite> sites, List<ChannelAxis> divided) {

    /** Copies the lists. */
    ScaledInput {
        sites = List.copyOf(sites);
        divided = List.copyOf(divided);
    }

    /** Number of channels. */
    int channels() {
        return LayerBundle.places(sites.getFirst()).columns();
    }

    /** The readers' weights. */
    List<ChannelAxis> multiplied() {
        return sites.stream()
                .map(LayerSite::layer)
                .map(each -> new ChannelAxis(each.weightName(), each.inputChannels().axis()))
                .toList();
    }
}
