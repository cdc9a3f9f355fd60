package dev.fewbit.search;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Samples apart: what weights are rounded by, and what the outputs are held against. What was
 * fitted to samples looks better on these than on others.
 *
 * @param rounding for rounding
 * @param measuring for measuring
 */
record SearchSamples(List<Sample> rounding, List<Sample> measuring) {
    /** One in so many is for measuring. */
    private static final int SHARE = 4;

    /** With fewer samples, all serve for both. */
    private static final int ENOUGH = 16;

    /** More tell nothing more. */
    private static final int MOST_MEASURING = 128;

    /** Copies the lists. */
    SearchSamples {
        rounding = List.copyOf(rounding);
        measuring = List.copyOf(measuring);
    }

    /** Every fourth sample is for measuring, until there are enough of those. */
    static SearchSamples of(List<Sample> all) {
        if (all.size() < ENOUGH) {
            return new SearchSamples(all, all);
        }
        List<Sample> rounding = new ArrayList<>();
        List<Sample> measuring = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean measures = i % SHARE == SHARE - 1 && measuring.size() < MOST_MEASURING;
            (measures ? measuring : rounding).add(all.get(i));
        }
        return new SearchSamples(rounding, measuring);
    }

    /** A hash of all numbers in samples. */
    static String hash(List<Sample> samples) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Sample sample : samples) {
                for (Map.Entry<String, NumberArray> input : sample.inputs().entrySet()) {
                    digest.update(input.toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(input.getValue().bytes());
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
