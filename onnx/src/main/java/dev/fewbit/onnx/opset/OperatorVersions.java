package dev.fewbit.onnx.opset;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which opset versions changed which operator of the default domain, read from {@link
 * OperatorTable}. Immutable.
 */
final class OperatorVersions {

    /** What a version did to an operator. */
    enum Change {
        /** A node written for the version before means the same as it stands. */
        COMPATIBLE,
        /** Compatible, but ONNX Runtime has no kernel for it, only for the versions before. */
        COMPATIBLE_BUT_NOT_RUN,
        /** A node written for the version before needs an {@link Adapter}. */
        NEEDS_ADAPTER,
        /** The operator is gone; an {@link Adapter} makes a node of its successor. */
        REMOVED
    }

    /**
     * Operators that ONNX Runtime adds to the default domain under every opset, with a meaning that
     * does not depend on it. Files saved by its graph optimizer hold them.
     */
    private static final Set<String> OF_THE_RUNTIME =
            Set.of("LayerNormalization", "SimplifiedLayerNormalization");

    private static final OperatorVersions TABLE = load();

    private final Map<String, NavigableMap<Integer, Change>> changes;

    private OperatorVersions(Map<String, NavigableMap<Integer, Change>> changes) {
        this.changes = changes;
    }

    static OperatorVersions table() {
        return TABLE;
    }

    /** All operators of the table, in alphabetical order. */
    Set<String> operators() {
        return changes.keySet();
    }

    /**
     * What happened to an operator after opset {@code current}, up to and with {@code target}.
     *
     * @return the versions that changed it, ascending, empty if none did; null if the table does
     *     not know the operator, knows it only from a version above {@code current}, or knows that
     *     it was removed
     */
    @Nullable NavigableMap<Integer, Change> changes(String operator, int current, int target) {
        NavigableMap<Integer, Change> versions = changes.get(operator);
        if (versions != null && versions.firstKey() <= current) {
            boolean removed = versions.floorEntry(current).getValue() == Change.REMOVED;
            return removed ? null : versions.subMap(current, false, target, true);
        }
        return OF_THE_RUNTIME.contains(operator) ? new TreeMap<>() : null;
    }

    /** All versions of an operator in the table; empty for an operator that it does not know. */
    NavigableMap<Integer, Change> versions(String operator) {
        return changes.getOrDefault(operator, new TreeMap<>());
    }

    private static OperatorVersions load() {
        Map<String, NavigableMap<Integer, Change>> changes = new TreeMap<>();
        String text = OperatorTable.TEXT;
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            addLine(text.substring(start, end), changes);
            start = end + 1;
        }
        return new OperatorVersions(changes);
    }

    private static void addLine(String line, Map<String, NavigableMap<Integer, Change>> changes) {
        NavigableMap<Integer, Change> versions = new TreeMap<>();
        int nameEnd = line.indexOf(' ');
        for (int at = nameEnd + 1; at < line.length(); at++) {
            int version = 0;
            for (; at < line.length() && Character.isDigit(line.charAt(at)); at++) {
                version = version * 10 + line.charAt(at) - '0';
            }
            Change change = change(at < line.length() ? line.charAt(at) : ' ');
            at += change == Change.COMPATIBLE ? 0 : 1;
            versions.put(version, change);
        }
        changes.put(line.substring(0, nameEnd), versions);
    }

    private static Change change(char mark) {
        return switch (mark) {
            case '!' -> Change.NEEDS_ADAPTER;
            case 'x' -> Change.REMOVED;
            case '?' -> Change.COMPATIBLE_BUT_NOT_RUN;
            default -> Change.COMPATIBLE;
        };
    }
}
