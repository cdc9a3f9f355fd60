package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class LogicTest {

    private static final Tensor TRUTHS = bytes(ElementType.BOOL, 1, 1, 0, 0);
    private static final Tensor OTHERS = bytes(ElementType.BOOL, 1, 0, 1, 0);

    private static Tensor bytes(ElementType type, int... values) {
        byte[] raw = new byte[values.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) values[i];
        }
        return Tensor.ofBytes(type, new long[] {raw.length * 8L / type.bits()}, raw);
    }

    @Test
    void comparisons() {
        String[] operators = {"Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"};
        for (String operator : operators) {
            OperatorCheck.of(operator)
                    .floats("a", new long[] {2, 2}, 1, 2, 3, 4)
                    .floats("b", new long[] {2}, 1, 4)
                    .passes();
            OperatorCheck.of(operator)
                    .fed("a", Tensor.ofLongs(new long[] {3}, 1L << 53, (1L << 53) + 1, -1))
                    .fed("b", Tensor.ofLongs(new long[0], (1L << 53) + 1))
                    .passes();
        }
    }

    @Test
    void truthValues() {
        for (String operator : new String[] {"And", "Or", "Xor"}) {
            OperatorCheck.of(operator).fed("a", TRUTHS).fed("b", OTHERS).passes();
        }
        OperatorCheck.of("Not").fed("a", TRUTHS).passes();
    }

    @Test
    void bits() {
        for (String operator : new String[] {"BitwiseAnd", "BitwiseOr", "BitwiseXor"}) {
            OperatorCheck.of(operator)
                    .fed("a", Tensor.ofInts(new long[] {3}, 12, -1, 7))
                    .fed("b", Tensor.ofInts(new long[] {3}, 10, 255, -8))
                    .passes();
        }
        OperatorCheck.of("BitwiseNot").fed("a", Tensor.ofInts(new long[] {3}, 12, -1, 7)).passes();
        for (String direction : new String[] {"LEFT", "RIGHT"}) {
            OperatorCheck.of("BitShift")
                    .fed("a", bytes(ElementType.UINT8, 1, 200, 77))
                    .fed("b", bytes(ElementType.UINT8, 3, 1, 2))
                    .with(node -> node.setAttribute("direction", direction))
                    .passes();
        }
    }

    @Test
    void unsignedIntegersOfManyBits() {
        OperatorCheck.of("BitShift")
                .constant("a", bytes(ElementType.UINT32, 0xf0, 0xf0, 0xf0, 0xf0))
                .constant("b", bytes(ElementType.UINT32, 3, 0, 0, 0))
                .with(node -> node.setAttribute("direction", "LEFT"))
                .passes();
        OperatorCheck.of("BitwiseXor")
                .constant("a", bytes(ElementType.UINT16, 0xf0, 0xf0))
                .constant("b", bytes(ElementType.UINT16, 3, 0))
                .passes();
    }

    @Test
    void choicesBetweenTensors() {
        OperatorCheck.of("Where")
                .constant("c", TRUTHS)
                .floats("a", 3, 4)
                .floats("b", 3, 1)
                .passes();
        OperatorCheck.of("Where")
                .constant("c", TRUTHS)
                .fed("a", Tensor.ofLongs(new long[] {1}, 1L << 40))
                .fed("b", Tensor.ofLongs(new long[] {4}, 1, 2, 3, 4))
                .passes();
    }
}
