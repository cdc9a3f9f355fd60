package dev.fewbit.report.html;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.WeightFinding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The bytes of both files, divided among groups of weights.
 *
 * @param groups largest before quantization first; what is not in a listed weight comes last
 */
record ByteShares(List<Group> groups) {

    /** More colours than this cannot be told apart. */
    private static final int MOST_GROUPS = 7;

    /** The name of what no listed weight accounts for. */
    static final String REST = "everything else in the file";

    private static final String OTHERS = "other";

    /**
     * One part of the files.
     *
     * @param name the operator or format, or {@link #REST}
     * @param before bytes in the float file
     * @param after bytes in the quantized file
     */
    record Group(String name, long before, long after) {

        Group plus(Group other) {
            return new Group(name, before + other.before, after + other.after);
        }
    }

    ByteShares {
        groups = List.copyOf(groups);
    }

    static ByteShares byOperator(Findings findings) {
        return of(findings, WeightFinding::operator, SkippedWeight::operator);
    }

    static ByteShares byFormat(Findings findings) {
        return of(findings, WeightFinding::format, skipped -> "left alone");
    }

    private static ByteShares of(
            Findings findings,
            Function<WeightFinding, String> ofWeight,
            Function<SkippedWeight, String> ofSkipped) {
        Map<String, Group> named = new TreeMap<>();
        for (WeightFinding weight : findings.weights()) {
            add(
                    named,
                    new Group(
                            ofWeight.apply(weight), weight.floatBytes(), weight.quantizedBytes()));
        }
        for (SkippedWeight skipped : findings.skipped()) {
            add(named, new Group(ofSkipped.apply(skipped), skipped.bytes(), skipped.bytes()));
        }
        List<Group> sorted = new ArrayList<>(named.values());
        sorted.sort(Comparator.comparingLong(Group::before).reversed().thenComparing(Group::name));
        List<Group> groups =
                new ArrayList<>(sorted.subList(0, Math.min(sorted.size(), MOST_GROUPS)));
        sorted.stream()
                .skip(MOST_GROUPS)
                .reduce(Group::plus)
                .ifPresent(rest -> groups.add(new Group(OTHERS, rest.before(), rest.after())));
        long before = groups.stream().mapToLong(Group::before).sum();
        long after = groups.stream().mapToLong(Group::after).sum();
        groups.add(
                new Group(
                        REST,
                        // A weight that is stored once and used twice may be listed twice.
                        Math.max(0, findings.original().fileBytes() - before),
                        Math.max(0, findings.quantized().fileBytes() - after)));
        return new ByteShares(groups);
    }

    private static void add(Map<String, Group> named, Group group) {
        named.merge(group.name(), group, Group::plus);
    }
}
