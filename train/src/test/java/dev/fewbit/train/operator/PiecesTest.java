package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class PiecesTest {

    @Test
    void tensorsJoined() {
        OperatorCheck.of("Concat")
                .floats("a", 2, 3)
                .floats("b", 2, 1)
                .floats("c", 2, 0)
                .with(node -> node.setAttribute("axis", -1))
                .passes();
        OperatorCheck.of("Concat")
                .fed("a", Tensor.ofLongs(new long[] {2}, 1L << 60, -1))
                .longs("b", 7)
                .with(node -> node.setAttribute("axis", 0))
                .passes();
    }

    @Test
    void tensorsCut() {
        OperatorCheck.of("Split")
                .floats("x", 2, 7)
                .longs("sizes", 3, 0, 4)
                .with(node -> node.setAttribute("axis", -1))
                .outputs(3)
                .passes();
        OperatorCheck.of("Split")
                .floats("x", 7, 2)
                .with(node -> node.setAttribute("num_outputs", 3))
                .outputs(3)
                .passes();
    }

    @Test
    void slicesForward() {
        OperatorCheck.of("Slice")
                .floats("x", 5, 6, 7)
                .longs("starts", 1, -3)
                .longs("ends", 100, -1)
                .passes();
        OperatorCheck.of("Slice")
                .floats("x", 5, 6, 7)
                .longs("starts", 1, 0)
                .longs("ends", Long.MAX_VALUE, 6)
                .longs("axes", -1, 0)
                .longs("steps", 3, 2)
                .passes();
        OperatorCheck.of("Slice").floats("x", 5).longs("starts", 3).longs("ends", 1).passes();
    }

    @Test
    void slicesBackward() {
        long[][] bounds = {
            {-1, Long.MIN_VALUE, -1},
            {4, 0, -2},
            {100, -100, -3},
            {3, 1, -1},
            {1, 3, -1},
            {0, Long.MIN_VALUE, -1},
            {-1, -6, -5},
            {5, 0, -9}
        };
        for (long[] bound : bounds) {
            OperatorCheck.of("Slice")
                    .floats("x", 6, 2)
                    .longs("starts", bound[0])
                    .longs("ends", bound[1])
                    .longs("axes", 0)
                    .longs("steps", bound[2])
                    .passes();
        }
    }

    @Test
    void repetitions() {
        OperatorCheck.of("Tile").floats("x", 2, 3).longs("repeats", 2, 3).passes();
        OperatorCheck.of("Tile").floats("x", 2, 3).longs("repeats", 0, 1).passes();
    }
}
