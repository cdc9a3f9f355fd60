package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class SearchesTest {

    @Test
    void extremesWithEqualElements() {
        float[] values = {1, 3, 3, 0, 0, 2, 5, 5};
        for (String operator : new String[] {"ArgMax", "ArgMin"}) {
            for (long last = 0; last < 2; last++) {
                long taken = last;
                OperatorCheck.of(operator)
                        .floats("x", new long[] {2, 4}, values)
                        .with(node -> node.setAttribute("axis", -1))
                        .with(node -> node.setAttribute("select_last_index", taken))
                        .passes();
                OperatorCheck.of(operator)
                        .floats("x", new long[] {2, 4}, values)
                        .with(node -> node.setAttribute("keepdims", 0))
                        .with(node -> node.setAttribute("select_last_index", taken))
                        .passes();
            }
        }
    }

    @Test
    void largestAndSmallest() {
        OperatorCheck.of("TopK").floats("x", 3, 7).longs("k", 3).outputs(2).passes();
        OperatorCheck.of("TopK")
                .floats("x", 7, 2)
                .longs("k", 2)
                .with(node -> node.setAttribute("axis", -2))
                .with(node -> node.setAttribute("largest", 0))
                .outputs(2)
                .passes();
        OperatorCheck.of("TopK")
                .fed("x", Tensor.ofLongs(new long[] {6}, 5, 1, 5, 5, 9, 1))
                .longs("k", 4)
                .outputs(2)
                .passes();
    }

    @Test
    void placesOfWhatIsNotZero() {
        OperatorCheck.of("NonZero").floats("x", new long[] {2, 3}, 0, 1, 0, 2, 0, -3).passes();
        OperatorCheck.of("NonZero").floats("x", new long[] {2}, 0, 0).passes();
    }

    @Test
    void elementsEachOnce() {
        float[] values = {2, 1, 1, 3, 4, 3};
        for (long sorted = 0; sorted < 2; sorted++) {
            long order = sorted;
            OperatorCheck.of("Unique")
                    .floats("x", new long[] {6}, values)
                    .with(node -> node.setAttribute("sorted", order))
                    .outputs(4)
                    .passes();
            for (long axis : new long[] {0, -1}) {
                OperatorCheck.of("Unique")
                        .floats("x", new long[] {3, 3}, 1, 0, 0, 1, 0, 0, 2, 3, 3)
                        .with(node -> node.setAttribute("sorted", order))
                        .with(node -> node.setAttribute("axis", axis))
                        .outputs(4)
                        .passes();
            }
        }
    }

    @Test
    void outputsLeftOut() {
        OperatorCheck.of("Unique")
                .floats("x", new long[] {6}, 2, 1, 1, 3, 4, 3)
                .outputs(4)
                .withoutOutput(1)
                .withoutOutput(2)
                .passes();
    }
}
