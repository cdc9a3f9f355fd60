package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class GatheringTest {

    @Test
    void slicesByPlace() {
        OperatorCheck.of("Gather").floats("x", 5, 3).longs("places", 0, -1, 2, 0).passes();
        OperatorCheck.of("Gather")
                .floats("x", 5, 3)
                .constant("places", Tensor.ofLongs(new long[0], -2))
                .passes();
        OperatorCheck.of("Gather")
                .floats("x", 2, 3, 4)
                .constant("places", Tensor.ofInts(new long[] {2, 2}, 0, -1, 2, 0))
                .with(node -> node.setAttribute("axis", -2))
                .passes();
        OperatorCheck.of("Gather")
                .fed("x", Tensor.ofLongs(new long[] {3}, 1L << 60, 2, 3))
                .constant("places", Tensor.ofLongs(new long[0], 0))
                .passes();
    }

    @Test
    void elementsByPlace() {
        OperatorCheck.of("GatherElements")
                .floats("x", 3, 4)
                .constant("places", Tensor.ofLongs(new long[] {2, 2}, 0, -1, 2, 1))
                .passes();
        OperatorCheck.of("GatherElements")
                .floats("x", 3, 4)
                .constant("places", Tensor.ofInts(new long[] {3, 2}, 0, -1, 2, 1, 3, 3))
                .with(node -> node.setAttribute("axis", -1))
                .passes();
    }

    @Test
    void elementsByCoordinates() {
        OperatorCheck.of("GatherND")
                .floats("x", 3, 4)
                .constant("places", Tensor.ofLongs(new long[] {2, 2}, 0, -1, 2, 1))
                .passes();
        OperatorCheck.of("GatherND")
                .floats("x", 3, 4, 5)
                .constant("places", Tensor.ofLongs(new long[] {2, 1, 1}, -1, 0))
                .passes();
        OperatorCheck.of("GatherND")
                .floats("x", 2, 3, 4)
                .constant("places", Tensor.ofLongs(new long[] {2, 2, 1}, 0, -1, 2, 1))
                .with(node -> node.setAttribute("batch_dims", 1))
                .passes();
    }

    @Test
    void elementsByCondition() {
        Tensor condition = Tensor.ofBytes(ElementType.BOOL, new long[] {3}, new byte[] {1, 0, 1});
        OperatorCheck.of("Compress").floats("x", 4, 3).constant("c", condition).passes();
        for (long axis : new long[] {0, -1}) {
            OperatorCheck.of("Compress")
                    .floats("x", 4, 3)
                    .constant("c", condition)
                    .with(node -> node.setAttribute("axis", axis))
                    .passes();
        }
    }
}
