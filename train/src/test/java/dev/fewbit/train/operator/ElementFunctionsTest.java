package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class ElementFunctionsTest {

    @Test
    void functionsOfAnyNumber() {
        String[] operators = {
            "Neg",
            "Abs",
            "Exp",
            "Erf",
            "Floor",
            "Ceil",
            "Round",
            "Sign",
            "Sin",
            "Cos",
            "Tan",
            "Atan",
            "Sinh",
            "Cosh",
            "Tanh",
            "Asinh",
            "Reciprocal"
        };
        for (String operator : operators) {
            OperatorCheck.of(operator).floats("x", 3, 7).within(1e-5).passes();
        }
    }

    @Test
    void functionsOfSomeNumbers() {
        for (String operator : new String[] {"Asin", "Acos", "Atanh"}) {
            OperatorCheck.of(operator).floatsBetween(-0.9, 0.9, "x", 9).passes();
        }
        for (String operator : new String[] {"Sqrt", "Log", "Acosh"}) {
            OperatorCheck.of(operator).floatsBetween(1.1, 4, "x", 9).passes();
        }
    }

    @Test
    void halvesAreRoundedToEven() {
        OperatorCheck.of("Round")
                .floats("x", new long[] {6}, -2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f)
                .passes();
    }

    @Test
    void integersStayIntegers() {
        for (String operator : new String[] {"Neg", "Abs", "Sign"}) {
            OperatorCheck.of(operator)
                    .fed("x", Tensor.ofLongs(new long[] {3}, -(1L << 40) - 1, 0, 5))
                    .passes();
        }
    }

    @Test
    void infinityAndNotANumberAreFound() {
        float[] odd = {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        OperatorCheck.of("IsNaN").floats("x", new long[] {4}, odd).passes();
        for (int negative = 0; negative < 2; negative++) {
            for (int positive = 0; positive < 2; positive++) {
                long below = negative;
                long above = positive;
                OperatorCheck.of("IsInf")
                        .floats("x", new long[] {4}, odd)
                        .with(node -> node.setAttribute("detect_negative", below))
                        .with(node -> node.setAttribute("detect_positive", above))
                        .passes();
            }
        }
    }
}
