package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class ReductionsTest {

    private static final String[] ALL = {
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceSumSquare"
    };

    @Test
    void someAxes() {
        for (String operator : ALL) {
            for (int keeps = 0; keeps < 2; keeps++) {
                long kept = keeps;
                OperatorCheck.of(operator)
                        .floatsBetween(0.1, 2, "x", 2, 3, 4)
                        .longs("axes", -1, 0)
                        .with(node -> node.setAttribute("keepdims", kept))
                        .passes();
            }
        }
    }

    @Test
    void allAxes() {
        for (String operator : ALL) {
            OperatorCheck.of(operator).floatsBetween(0.1, 2, "x", 2, 3, 4).passes();
            OperatorCheck.of(operator)
                    .floatsBetween(0.1, 2, "x", 2, 3)
                    .with(node -> node.setAttribute("keepdims", 0))
                    .passes();
        }
    }

    @Test
    void noAxesButTheElementsOwnPart() {
        for (String operator : ALL) {
            OperatorCheck.of(operator)
                    .floatsBetween(0.1, 2, "x", 2, 3)
                    .with(node -> node.setAttribute("noop_with_empty_axes", 1))
                    .passes();
        }
    }

    @Test
    void integersStayExact() {
        String[] operators = {
            "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1"
        };
        for (String operator : operators) {
            OperatorCheck.of(operator)
                    .fed("x", Tensor.ofInts(new long[] {2, 3}, 7, -4, 1, 5, -9, 2))
                    .longs("axes", 1)
                    .passes();
        }
        OperatorCheck.of("ReduceSum")
                .fed("x", Tensor.ofLongs(new long[] {3}, (1L << 53) - 9, 3, 5))
                .passes();
    }

    @Test
    void nothingToReduce() {
        for (String operator : new String[] {"ReduceSum", "ReduceProd"}) {
            OperatorCheck.of(operator).floats("x", 2, 0, 4).longs("axes", 1).passes();
        }
    }
}
