package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class RearrangementsTest {

    @Test
    void triangles() {
        for (long upper = 0; upper < 2; upper++) {
            long side = upper;
            OperatorCheck.of("Trilu")
                    .floats("x", 2, 3, 4)
                    .with(node -> node.setAttribute("upper", side))
                    .passes();
            for (long offset : new long[] {-2, 1, 5}) {
                OperatorCheck.of("Trilu")
                        .floats("x", 3, 4)
                        .constant("k", Tensor.ofLongs(new long[0], offset))
                        .with(node -> node.setAttribute("upper", side))
                        .passes();
            }
        }
    }

    @Test
    void sequencesTurnedAround() {
        OperatorCheck.of("ReverseSequence").floats("x", 4, 3, 2).longs("lengths", 1, 4, 2).passes();
        OperatorCheck.of("ReverseSequence")
                .floats("x", 3, 4)
                .longs("lengths", 0, 4, 3)
                .with(node -> node.setAttribute("time_axis", 1))
                .with(node -> node.setAttribute("batch_axis", 0))
                .passes();
    }

    @Test
    void blocksBetweenDepthAndSpace() {
        for (String mode : new String[] {"DCR", "CRD"}) {
            OperatorCheck.of("DepthToSpace")
                    .floats("x", 2, 12, 2, 3)
                    .with(node -> node.setAttribute("blocksize", 2))
                    .with(node -> node.setAttribute("mode", mode))
                    .passes();
        }
        OperatorCheck.of("SpaceToDepth")
                .floats("x", 2, 3, 4, 6)
                .with(node -> node.setAttribute("blocksize", 2))
                .passes();
    }

    @Test
    void runningSums() {
        for (long exclusive = 0; exclusive < 2; exclusive++) {
            for (long reverse = 0; reverse < 2; reverse++) {
                long others = exclusive;
                long fromBehind = reverse;
                OperatorCheck.of("CumSum")
                        .floats("x", 2, 4, 3)
                        .constant("axis", Tensor.ofLongs(new long[0], -2))
                        .with(node -> node.setAttribute("exclusive", others))
                        .with(node -> node.setAttribute("reverse", fromBehind))
                        .passes();
            }
        }
        OperatorCheck.of("CumSum")
                .fed("x", Tensor.ofInts(new long[] {3}, 1, 2, 3))
                .constant("axis", Tensor.ofInts(new long[0], 0))
                .passes();
    }

    @Test
    void sumsOfProducts() {
        OperatorCheck.of("Einsum")
                .floats("a", 2, 3, 4)
                .floats("b", 2, 4, 5)
                .with(node -> node.setAttribute("equation", "bij, bjk -> bik"))
                .passes();
        OperatorCheck.of("Einsum")
                .floats("a", 2, 3, 3)
                .with(node -> node.setAttribute("equation", "...ii->...i"))
                .passes();
        OperatorCheck.of("Einsum")
                .floats("a", 3)
                .floats("b", 4)
                .with(node -> node.setAttribute("equation", "i,j"))
                .passes();
    }

    @Test
    void runningProducts() {
        OperatorCheck.of("CumProd")
                .opset(26)
                .floats("x", 2, 4)
                .constant("axis", Tensor.ofLongs(new long[0], -1))
                .with(node -> node.setAttribute("exclusive", 1))
                .passes();
    }
}
