package dev.fewbit.train.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewbit.train.graph.NodeTest.Outcome;

import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The ONNX project's own tests of single nodes, where {@code -Dfewbit.onnx.node.tests=FOLDER} names
 * a folder of {@code test_*} folders. With the Python package {@code onnx} they are written by
 *
 * <pre>{@code
 * import argparse
 * import onnx.backend.test.case.node as node
 * import onnx.backend.test.cmd_tools as tools
 * tools.model_test = argparse.Namespace(collect_testcases=lambda: node.collect_testcases(None))
 * tools.generate_data(argparse.Namespace(output="FOLDER"))  # writes FOLDER/node
 * }</pre>
 */
class BackendNodeTests {
    private static final String PROPERTY = "fewbit.onnx.node.tests";

    @Test
    void nothingIsComputedWrongly() throws IOException {
        String folder = System.getProperty(PROPERTY);
        assumeTrue(folder != null, () -> "-D" + PROPERTY + " is not set");
        torch.set_num_threads(1);
        List<NodeTest> all = new ArrayList<>();
        for (Path test : folders(Path.of(folder))) {
            all.add(NodeTest.run(test));
        }
        report(all);
        assertThat(all).isNotEmpty();
        assertThat(all).filteredOn(test -> test.outcome() == Outcome.WRONG).isEmpty();
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> Files.exists(path.resolve("model.onnx")))
                    .sorted()
                    .toList();
        }
    }

    private static void report(List<NodeTest> all) {
        Map<String, Map<Outcome, Integer>> counts = new TreeMap<>();
        for (NodeTest test : all) {
            count(counts, "total", test);
            count(counts, test.operator(), test);
            if (test.outcome() != Outcome.PASSED) {
                System.out.printf(
                        "%-12s %s: %s%n",
                        test.outcome(), test.name(), test.detail().lines().findFirst().orElse(""));
            }
        }
        counts.forEach((operator, count) -> System.out.printf("%-28s %s%n", operator, count));
    }

    private static void count(
            Map<String, Map<Outcome, Integer>> counts, String operator, NodeTest test) {
        counts.computeIfAbsent(operator, _ -> new EnumMap<>(Outcome.class))
                .merge(test.outcome(), 1, Integer::sum);
    }
}
