package dev.fewbit.onnx.prepare;

import java.util.Map;
import java.util.stream.Collectors;

/** Numbers of operators in words. */
final class Counts {
    private Counts() {}

    /** For example {@code 3 Cast, 1 Slice}. */
    static String words(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
