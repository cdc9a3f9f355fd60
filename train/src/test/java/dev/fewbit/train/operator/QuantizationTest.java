package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizationTest {

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"INT8", "UINT8", "INT16", "UINT16"})
    void ofAllTypes(ElementType type) {
        OperatorCheck.of("QuantizeLinear")
                .floats("x", 4, 50)
                .floats("scale", new long[0], 0.01f)
                .codes("zero", type)
                .passesWithoutGradients();
        OperatorCheck.of("DequantizeLinear")
                .codes("x", type, 4, 5)
                .floats("scale", new long[0], 0.01f)
                .codes("zero", type)
                .passes();
    }

    @Test
    void halvesGoToTheEvenNeighbour() {
        OperatorCheck.of("QuantizeLinear")
                .floats("x", new long[] {6}, 0.5f, 1.5f, 2.5f, -0.5f, 300, 3)
                .floats("scale", new long[0], 1)
                .passesWithoutGradients();
    }

    @Test
    void byChannel() {
        for (long axis : new long[] {1, -2, 0}) {
            int channels = axis == 0 ? 2 : 3;
            OperatorCheck.of("QuantizeLinear")
                    .floats("x", 2, 3, 4)
                    .constant("scale", scales(channels))
                    .codes("zero", ElementType.INT8, channels)
                    .with(node -> node.setAttribute("axis", axis))
                    .passesWithoutGradients();
            OperatorCheck.of("DequantizeLinear")
                    .codes("x", ElementType.INT8, 2, 3, 4)
                    .floats("scale", channels)
                    .codes("zero", ElementType.INT8, channels)
                    .with(node -> node.setAttribute("axis", axis))
                    .passes();
        }
    }

    private static Tensor scales(long... shape) {
        float[] scales = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.01f * (i + 1);
        }
        return Tensor.ofFloats(shape, scales);
    }

    @Test
    void byBlock() {
        OperatorCheck.of("QuantizeLinear")
                .floats("x", 2, 8, 3)
                .constant("scale", scales(2, 2, 3))
                .codes("zero", ElementType.UINT8, 2, 2, 3)
                .with(node -> node.setAttribute("axis", 1))
                .with(node -> node.setAttribute("block_size", 4))
                .passesWithoutGradients();
        OperatorCheck.of("DequantizeLinear")
                .codes("x", ElementType.INT8, 8, 3)
                .floats("scale", 2, 3)
                .with(node -> node.setAttribute("axis", 0))
                .with(node -> node.setAttribute("block_size", 4))
                .passes();
    }

    @Test
    void typeFromTheAttribute() {
        OperatorCheck.of("QuantizeLinear")
                .floats("x", 50)
                .constant("scale", scales())
                .with(node -> node.setAttribute("output_dtype", 3))
                .passesWithoutGradients();
    }

    @Test
    void sumsOfProducts() {
        OperatorCheck.of("DequantizeLinear")
                .constant("x", Tensor.ofInts(new long[] {3}, -70000, 5, 123456))
                .floats("scale", new long[0], 0.01f)
                .passes();
    }

    @Test
    void byTheRangeThatThereIs() {
        OperatorCheck.of("DynamicQuantizeLinear")
                .floats("x", 50)
                .outputs(3)
                .passesWithoutGradients();
        OperatorCheck.of("DynamicQuantizeLinear")
                .floats("x", new long[] {3}, 1, 2, 3)
                .outputs(3)
                .passesWithoutGradients();
    }
}
