package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;

import org.junit.jupiter.api.Test;

class ProductsTest {

    @Test
    void matricesAndStacksOfThem() {
        OperatorCheck.of("MatMul").floats("a", 3, 4).floats("b", 4, 5).passes();
        OperatorCheck.of("MatMul").floats("a", 2, 1, 3, 4).floats("b", 5, 4, 2).passes();
        OperatorCheck.of("MatMul").floats("a", 4).floats("b", 2, 4, 3).passes();
        OperatorCheck.of("MatMul").floats("a", 3, 4).floats("b", 4).passes();
    }

    @Test
    void generalProducts() {
        OperatorCheck.of("Gemm").floats("a", 3, 4).floats("b", 4, 5).passes();
        OperatorCheck.of("Gemm")
                .floats("a", 4, 3)
                .floats("b", 5, 4)
                .floats("c", 5)
                .with(node -> node.setAttribute("transA", 1))
                .with(node -> node.setAttribute("transB", 1))
                .with(node -> node.setAttribute("alpha", 0.5f))
                .with(node -> node.setAttribute("beta", -2f))
                .passes();
        OperatorCheck.of("Gemm").floats("a", 3, 4).floats("b", 4, 5).floats("c", 3, 1).passes();
    }

    @Test
    void integers() {
        OperatorCheck.of("MatMulInteger")
                .codes("a", ElementType.UINT8, 2, 3, 40)
                .codes("b", ElementType.INT8, 40, 5)
                .passesWithoutGradients();
        OperatorCheck.of("MatMulInteger")
                .codes("a", ElementType.UINT8, 3, 40)
                .codes("b", ElementType.INT8, 40, 5)
                .codes("zero of a", ElementType.UINT8)
                .codes("zero of b", ElementType.INT8, 5)
                .passesWithoutGradients();
    }

    @Test
    void determinants() {
        OperatorCheck.of("Det").floats("x", 3, 3).passes();
        OperatorCheck.of("Det").floats("x", 2, 3, 4, 4).passes();
    }
}
