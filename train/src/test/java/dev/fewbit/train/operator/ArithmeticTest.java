package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class ArithmeticTest {

    @Test
    void twoTensorsWithBroadcasting() {
        for (String operator : new String[] {"Add", "Sub", "Mul", "Div"}) {
            OperatorCheck.of(operator).floats("a", 2, 3, 4).floats("b", 3, 1).passes();
            OperatorCheck.of(operator)
                    .fed("a", Tensor.ofLongs(new long[] {5}, -7, 7, -8, 1L << 40, 9))
                    .fed("b", Tensor.ofLongs(new long[0], 2))
                    .passes();
        }
    }

    @Test
    void integersAreDividedTowardsZero() {
        OperatorCheck.of("Div")
                .fed("a", Tensor.ofInts(new long[] {4}, -7, 7, -7, 7))
                .fed("b", Tensor.ofInts(new long[] {4}, 2, 2, -2, -2))
                .passes();
    }

    @Test
    void remaindersHaveTheSignOfEither() {
        OperatorCheck.of("Mod")
                .fed("a", Tensor.ofInts(new long[] {4}, -7, 7, -7, 7))
                .fed("b", Tensor.ofInts(new long[] {4}, 3, 3, -3, -3))
                .passes();
        OperatorCheck.of("Mod")
                .floats("a", 9)
                .floats("b", 9)
                .with(node -> node.setAttribute("fmod", 1))
                .passes();
        OperatorCheck.of("Mod")
                .fed("a", Tensor.ofInts(new long[] {4}, -7, 7, -7, 7))
                .fed("b", Tensor.ofInts(new long[] {4}, 3, 3, -3, -3))
                .with(node -> node.setAttribute("fmod", 1))
                .passes();
    }

    @Test
    void powersHaveTheTypeOfTheBase() {
        OperatorCheck.of("Pow").floatsBetween(0.1, 3, "a", 2, 5).floats("b", 5).passes();
        OperatorCheck.of("Pow")
                .floats("a", 2, 5)
                .constant("b", Tensor.ofFloats(new long[0], 2))
                .passes();
        OperatorCheck.of("Pow")
                .floats("a", 4)
                .constant("b", Tensor.ofInts(new long[] {1}, 3))
                .passes();
        OperatorCheck.of("Pow")
                .fed("a", Tensor.ofLongs(new long[] {3}, 2, -3, 5))
                .fed("b", Tensor.ofLongs(new long[] {3}, 40, 3, 0))
                .passes();
    }

    @Test
    void anyNumberOfTensors() {
        for (String operator : new String[] {"Sum", "Mean", "Min", "Max"}) {
            OperatorCheck.of(operator).floats("a", 3, 4).passes();
            OperatorCheck.of(operator)
                    .floats("a", 3, 4)
                    .floats("b", 4)
                    .floats("c", 2, 1, 1)
                    .passes();
        }
        OperatorCheck.of("Max")
                .fed("a", Tensor.ofLongs(new long[] {2}, 1L << 40, 3))
                .fed("b", Tensor.ofLongs(new long[] {2}, 5, 7))
                .passes();
    }
}
