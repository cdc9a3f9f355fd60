package dev.fewbit.onnx.opset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.opset.OperatorVersions.Change;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table against the list of operators that the ONNX package itself gives. */
class OperatorVersionsTest {

    private static final Set<Change> NEED_WORK = Set.of(Change.NEEDS_ADAPTER, Change.REMOVED);

    private final OperatorVersions table = OperatorVersions.table();

    @Test
    void coversEveryOperatorAndEveryVersionOfTheSpecification() throws IOException {
        Map<String, NavigableSet<Integer>> specification = specification();
        assertThat(table.operators()).isEqualTo(specification.keySet());
        assertThat(specification)
                .allSatisfy(
                        (operator, versions) -> {
                            Integer inForce = versions.floor(OpsetRaiser.MINIMUM);
                            int first = inForce == null ? versions.getFirst() : inForce;
                            assertThat(table.versions(operator).keySet())
                                    .as(operator)
                                    .isEqualTo(versions.tailSet(first, true));
                        });
    }

    @Test
    void marksExactlyTheChangesThatHaveAnAdapter() {
        Set<String> marked =
                table.operators().stream()
                        .flatMap(
                                operator ->
                                        table.versions(operator).entrySet().stream()
                                                .filter(
                                                        version ->
                                                                NEED_WORK.contains(
                                                                        version.getValue()))
                                                .map(version -> operator + " " + version.getKey()))
                        .collect(Collectors.toCollection(TreeSet::new));
        List<String> adapted =
                Adapters.all().stream()
                        .flatMap(
                                adapter ->
                                        adapter.operators().stream()
                                                .map(
                                                        operator ->
                                                                operator + " " + adapter.version()))
                        .toList();
        assertThat(adapted).doesNotHaveDuplicates();
        assertThat(marked).isEqualTo(new TreeSet<>(adapted));
    }

    @Test
    void knowsWhenAnOperatorIsNotThere() {
        assertThat(table.changes("Upsample", 9, 10)).containsEntry(10, Change.REMOVED);
        assertThat(table.changes("Upsample", 10, 13)).isNull();
        assertThat(table.changes("Gelu", 13, 21)).isNull();
        assertThat(table.changes("NoSuchOperator", 13, 21)).isNull();
        assertThat(table.changes("Relu", 14, 26)).isEmpty();
    }

    @Test
    void letsOperatorsOfTheRuntimePass() {
        assertThat(table.changes("LayerNormalization", 11, 26)).isEmpty();
        assertThat(table.changes("SimplifiedLayerNormalization", 17, 26)).isEmpty();
    }

    private static Map<String, NavigableSet<Integer>> specification() throws IOException {
        Map<String, NavigableSet<Integer>> operators = new TreeMap<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        OperatorVersionsTest.class.getResourceAsStream(
                                                "operators-opset26.txt")),
                                StandardCharsets.UTF_8))) {
            reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .forEach(
                            words ->
                                    operators.put(
                                            words[0],
                                            Arrays.stream(words)
                                                    .skip(1)
                                                    .map(Integer::valueOf)
                                                    .collect(
                                                            Collectors.toCollection(
                                                                    TreeSet::new))));
        }
        assertThat(operators).hasSize(200);
        return operators;
    }
}
