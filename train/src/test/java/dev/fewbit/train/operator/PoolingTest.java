package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.function.Consumer;

class PoolingTest {

    private static OperatorCheck pool(String opType, int dimensions) {
        long[] shape = {2, 3, 9, 8, 7};
        long[] sizes = {3, 2, 3};
        return OperatorCheck.of(opType)
                .floats("x", Arrays.copyOf(shape, dimensions + 2))
                .with(ints("kernel_shape", Arrays.copyOf(sizes, dimensions)));
    }

    private static Consumer<Node> ints(String attribute, long... values) {
        return node -> node.setAttribute(attribute, values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxPool", "AveragePool", "LpPool"})
    void inAllRanks(String opType) {
        pool(opType, 1).passes();
        pool(opType, 2).with(ints("strides", 2, 1)).passes();
        pool(opType, 3).with(ints("strides", 2, 1, 2)).passes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxPool", "AveragePool", "LpPool"})
    void withPadding(String opType) {
        pool(opType, 1).with(ints("pads", 1, 1)).passes();
        pool(opType, 2).with(ints("pads", 1, 1, 1, 1)).passes();
        pool(opType, 2).with(ints("pads", 2, 0, 1, 1)).with(ints("strides", 2, 3)).passes();
        pool(opType, 3).with(ints("pads", 1, 0, 1, 1, 1, 0)).passes();
        for (String automatic : new String[] {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
            pool(opType, 2)
                    .with(node -> node.setAttribute("auto_pad", automatic))
                    .with(ints("strides", 2, 2))
                    .passes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxPool", "AveragePool", "LpPool"})
    void roundedUp(String opType) {
        for (long stride : new long[] {2, 3, 4, 5}) {
            pool(opType, 2)
                    .with(ints("strides", stride, stride))
                    .with(ints("pads", 1, 1, 1, 1))
                    .with(node -> node.setAttribute("ceil_mode", 1))
                    .passes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxPool", "AveragePool", "LpPool"})
    void dilated(String opType) {
        pool(opType, 1).with(ints("dilations", 3)).passes();
        pool(opType, 2).with(ints("dilations", 2, 3)).with(ints("pads", 1, 1, 1, 1)).passes();
        pool(opType, 3)
                .with(ints("dilations", 2, 1, 2))
                .with(ints("strides", 2, 2, 2))
                .with(node -> node.setAttribute("ceil_mode", 1))
                .passes();
    }

    @Test
    void averagesThatCountThePadding() {
        for (int ceiling : new int[] {0, 1}) {
            pool("AveragePool", 2)
                    .with(ints("pads", 1, 1, 0, 1))
                    .with(ints("strides", 2, 3))
                    .with(node -> node.setAttribute("count_include_pad", 1))
                    .with(node -> node.setAttribute("ceil_mode", ceiling))
                    .passes();
        }
        pool("AveragePool", 2)
                .with(ints("pads", 2, 1, 2, 1))
                .with(ints("dilations", 2, 2))
                .with(node -> node.setAttribute("count_include_pad", 1))
                .passes();
    }

    @Test
    void whereTheLargestIs() {
        for (int order : new int[] {0, 1}) {
            pool("MaxPool", 1)
                    .with(node -> node.setAttribute("storage_order", order))
                    .outputs(2)
                    .passes();
            pool("MaxPool", 2)
                    .with(node -> node.setAttribute("storage_order", order))
                    .with(ints("pads", 1, 1, 1, 1))
                    .outputs(2)
                    .passes();
            pool("MaxPool", 3)
                    .with(node -> node.setAttribute("storage_order", order))
                    .with(ints("pads", 2, 0, 1, 0, 1, 1))
                    .with(ints("strides", 2, 3, 2))
                    .outputs(2)
                    .passes();
        }
    }

    @Test
    void largestOfIntegers() {
        OperatorCheck.of("MaxPool")
                .codes("x", ElementType.INT8, 1, 2, 6, 6)
                .with(ints("kernel_shape", 2, 3))
                .with(ints("pads", 1, 1, 0, 1))
                .passesWithoutGradients();
    }

    @Test
    void otherNorms() {
        for (int p : new int[] {1, 3}) {
            pool("LpPool", 2).with(node -> node.setAttribute("p", p)).passes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GlobalAveragePool", "GlobalMaxPool"})
    void overAllOfSpace(String opType) {
        OperatorCheck.of(opType).floats("x", 2, 3, 5).passes();
        OperatorCheck.of(opType).floats("x", 2, 3, 4, 5).passes();
        OperatorCheck.of(opType).floats("x", 2, 3, 2, 4, 3).passes();
    }

    /** ONNX Runtime has none of this opset. */
    @Test
    void normsOverAllOfSpace() {
        long[] shape = {1, 2, 1, 3};
        float[] x = {1, -2, 2, 3, 0, -4};
        OperatorCheck.of("GlobalLpPool")
                .opset(22)
                .floats("x", shape, x)
                .gives(new long[] {1, 2, 1, 1}, 3, 5);
        OperatorCheck.of("GlobalLpPool")
                .opset(22)
                .floats("x", shape, x)
                .with(node -> node.setAttribute("p", 1))
                .gives(new long[] {1, 2, 1, 1}, 5, 7);
    }

    @Test
    void saysWhatIsNotSupported() {
        OperatorCheck.of("MaxPool")
                .floats("x", 1, 1, 2, 2, 2, 2)
                .with(ints("kernel_shape", 1, 1, 1, 1))
                .isRefused("is supported in 1 to 3 dimensions of space, not 4");
    }
}
