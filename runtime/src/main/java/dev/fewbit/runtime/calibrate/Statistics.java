package dev.fewbit.runtime.calibrate;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.statistics.TensorStatistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a calibration found: statistics of values of one model, over a number of samples.
 *
 * <p>Immutable as long as the statistics of the values are not added to, which are not copied.
 */
public final class Statistics {

    private static final int HASH_DIGITS = 64;
    private static final int MOST_NAMES = 5;

    private final String modelSha256;
    private final List<Preparation> preparations;
    private final long samples;
    private final SortedMap<String, TensorStatistics> values;
    private final List<String> warnings;

    /**
     * Statistics.
     *
     * @param modelSha256 hash of the float model's file, 64 hexadecimal digits in lower case
     * @param preparations what was done to that model before it was run; its values have the names
     *     that they have after that
     * @param samples number of samples, not negative
     * @param values statistics by the name of the value
     * @param warnings what is to be known about them, one sentence each; not saved
     */
    public Statistics(
            String modelSha256,
            List<Preparation> preparations,
            long samples,
            Map<String, TensorStatistics> values,
            List<String> warnings) {
        if (modelSha256.length() != HASH_DIGITS
                || !modelSha256.chars().allMatch(Statistics::isHexadecimal)) {
            throw new IllegalArgumentException(
                    "a SHA-256 is 64 hexadecimal digits in lower case, got '" + modelSha256 + "'");
        }
        if (samples < 0) {
            throw new IllegalArgumentException("samples are not negative, got " + samples);
        }
        this.modelSha256 = modelSha256;
        this.preparations = preparations.stream().sorted().distinct().toList();
        this.samples = samples;
        this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        this.warnings = List.copyOf(warnings);
    }

    private static boolean isHexadecimal(int character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    }

    /** Hash of the float model's file, 64 hexadecimal digits. */
    public String modelSha256() {
        return modelSha256;
    }

    /** What was done to that model before it was run, in the order in which it is done. */
    public List<Preparation> preparations() {
        return preparations;
    }

    /** Number of samples. */
    public long samples() {
        return samples;
    }

    /** Statistics by the name of the value, in the order of names; not to be added to. */
    public SortedMap<String, TensorStatistics> values() {
        return values;
    }

    /** Statistics of a value; not to be added to. */
    public Optional<TensorStatistics> find(String value) {
        return Optional.ofNullable(values.get(value));
    }

    /** What is to be known about these statistics, one sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * The same, said of another file: the one that the calibrated model was made from.
     *
     * @param sha256 hash of that file, 64 hexadecimal digits in lower case
     * @param prepared what was done to it
     */
    public Statistics describing(String sha256, List<Preparation> prepared) {
        return new Statistics(sha256, prepared, samples, values, warnings);
    }

    /**
     * The same with other statistics of some values, or of more values.
     *
     * @param replacements statistics by the name of the value
     */
    public Statistics withReplaced(Map<String, TensorStatistics> replacements) {
        Map<String, TensorStatistics> replaced = new TreeMap<>(values);
        replaced.putAll(replacements);
        return new Statistics(modelSha256, preparations, samples, replaced, warnings);
    }

    /**
     * Statistics over the samples of both: the very same as those of one calibration with all these
     * samples. Both stay as they are.
     *
     * @throws CalibrationException if they are not of the same values of the same model, prepared
     *     alike; the message says what differs
     */
    public Statistics merge(Statistics other) throws CalibrationException {
        Objects.requireNonNull(other, "other");
        List<String> differences = differences(other);
        if (!differences.isEmpty()) {
            throw new CalibrationException(
                    "statistics can be merged only when they are of the same values of the same"
                            + " model: "
                            + String.join("; ", differences)
                            + ". Calibrate again with the same model and options");
        }
        Map<String, TensorStatistics> merged = new TreeMap<>();
        for (Map.Entry<String, TensorStatistics> entry : values.entrySet()) {
            TensorStatistics more = Objects.requireNonNull(other.values.get(entry.getKey()));
            TensorStatistics sum = new TensorStatistics(entry.getValue().detail());
            try {
                sum.merge(entry.getValue());
                sum.merge(more);
            } catch (IllegalArgumentException differ) {
                throw new CalibrationException(
                        "statistics of value '%s' cannot be merged: %s. Calibrate again with the same model and options"
                                .formatted(entry.getKey(), differ.getMessage()),
                        differ);
            }
            merged.put(entry.getKey(), sum);
        }
        List<String> bothWarnings = new ArrayList<>(warnings);
        other.warnings.stream().filter(each -> !warnings.contains(each)).forEach(bothWarnings::add);
        return new Statistics(
                modelSha256,
                preparations,
                Math.addExact(samples, other.samples),
                merged,
                bothWarnings);
    }

    private List<String> differences(Statistics other) {
        List<String> differences = new ArrayList<>();
        if (!modelSha256.equals(other.modelSha256)) {
            differences.add(
                    "the models' SHA-256 are %s and %s".formatted(modelSha256, other.modelSha256));
        }
        if (!preparations.equals(other.preparations)) {
            differences.add(
                    "the models were prepared by %s and %s"
                            .formatted(preparations, other.preparations));
        }
        addMissing(differences, "second", values.keySet(), other.values.keySet());
        addMissing(differences, "first", other.values.keySet(), values.keySet());
        return differences;
    }

    private static void addMissing(
            List<String> differences, String where, Set<String> wanted, Set<String> present) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(present);
        if (!missing.isEmpty()) {
            differences.add(
                    "the %s ones lack %d values: %s%s"
                            .formatted(
                                    where,
                                    missing.size(),
                                    String.join(", ", missing.stream().limit(MOST_NAMES).toList()),
                                    missing.size() > MOST_NAMES ? ", ..." : ""));
        }
    }
}
