package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;

import org.junit.jupiter.api.Test;

class ConvolutionsTest {

    @Test
    void convolutionsOfAllRanks() {
        OperatorCheck.of("Conv").floats("x", 2, 3, 9).floats("w", 4, 3, 3).passes();
        OperatorCheck.of("Conv")
                .floats("x", 2, 3, 9, 8)
                .floats("w", 4, 3, 3, 2)
                .floats("b", 4)
                .with(node -> node.setAttribute("strides", new long[] {2, 1}))
                .passes();
        OperatorCheck.of("Conv").floats("x", 1, 2, 5, 4, 6).floats("w", 3, 2, 2, 3, 1).passes();
    }

    @Test
    void groupsDilationsAndUnevenPadding() {
        OperatorCheck.of("Conv")
                .floats("x", 1, 4, 9, 9)
                .floats("w", 4, 1, 3, 3)
                .with(node -> node.setAttribute("group", 4))
                .with(node -> node.setAttribute("dilations", new long[] {2, 1}))
                .with(node -> node.setAttribute("pads", new long[] {1, 0, 2, 1}))
                .passes();
        for (String automatic : new String[] {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
            OperatorCheck.of("Conv")
                    .floats("x", 1, 2, 9, 8)
                    .floats("w", 3, 2, 4, 3)
                    .with(node -> node.setAttribute("auto_pad", automatic))
                    .with(node -> node.setAttribute("strides", new long[] {2, 2}))
                    .passes();
        }
    }

    @Test
    void integers() {
        OperatorCheck.of("ConvInteger")
                .codes("x", ElementType.UINT8, 1, 2, 5, 5)
                .codes("w", ElementType.UINT8, 3, 2, 2, 2)
                .codes("zero of x", ElementType.UINT8)
                .codes("zero of w", ElementType.UINT8)
                .with(node -> node.setAttribute("pads", new long[] {1, 1, 0, 1}))
                .passesWithoutGradients();
    }

    @Test
    void transposedOfAllRanks() {
        OperatorCheck.of("ConvTranspose")
                .floats("x", 2, 3, 5)
                .floats("w", 3, 2, 3)
                .floats("b", 2)
                .with(node -> node.setAttribute("strides", new long[] {2}))
                .with(node -> node.setAttribute("output_padding", new long[] {1}))
                .passes();
        OperatorCheck.of("ConvTranspose")
                .floats("x", 1, 4, 5, 4)
                .floats("w", 4, 3, 3, 2)
                .floats("b", 6)
                .with(node -> node.setAttribute("group", 2))
                .with(node -> node.setAttribute("dilations", new long[] {1, 2}))
                .with(node -> node.setAttribute("pads", new long[] {1, 1, 1, 1}))
                .passes();
        OperatorCheck.of("ConvTranspose")
                .floats("x", 1, 2, 3, 4, 2)
                .floats("w", 2, 2, 2, 3, 2)
                .passes();
    }

    @Test
    void transposedWithUnevenPadding() {
        OperatorCheck.of("ConvTranspose")
                .floats("x", 1, 2, 5, 4)
                .floats("w", 2, 3, 3, 3)
                .floats("b", 3)
                .with(node -> node.setAttribute("strides", new long[] {3, 2}))
                .with(node -> node.setAttribute("pads", new long[] {1, 0, 0, 2}))
                .with(node -> node.setAttribute("output_padding", new long[] {2, 1}))
                .passes();
        for (String automatic : new String[] {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
            OperatorCheck.of("ConvTranspose")
                    .floats("x", 1, 2, 5, 4)
                    .floats("w", 2, 3, 3, 4)
                    .with(node -> node.setAttribute("auto_pad", automatic))
                    .with(node -> node.setAttribute("strides", new long[] {2, 2}))
                    .passes();
        }
    }

    @Test
    void transposedToAShape() {
        for (String automatic : new String[] {"NOTSET", "SAME_UPPER", "SAME_LOWER"}) {
            OperatorCheck.of("ConvTranspose")
                    .floats("x", 1, 2, 5, 4)
                    .floats("w", 2, 3, 3, 3)
                    .floats("b", 3)
                    .with(node -> node.setAttribute("auto_pad", automatic))
                    .with(node -> node.setAttribute("strides", new long[] {2, 2}))
                    .with(node -> node.setAttribute("output_shape", new long[] {10, 8}))
                    .passes();
        }
    }

    @Test
    void deformable() {
        OperatorCheck.of("DeformConv")
                .opset(22)
                .floats("x", 2, 4, 6, 5)
                .floats("w", 6, 2, 3, 2)
                .floats("offset", 2, 2 * 2 * 6, 6, 4)
                .floats("b", 6)
                .floats("mask", 2, 2 * 6, 6, 4)
                .with(node -> node.setAttribute("group", 2))
                .with(node -> node.setAttribute("offset_group", 2))
                .with(node -> node.setAttribute("pads", new long[] {1, 0, 1, 0}))
                .passes();
        OperatorCheck.of("DeformConv")
                .opset(22)
                .floats("x", 1, 1, 7, 7)
                .floats("w", 1, 1, 2, 2)
                .floats("offset", 1, 8, 4, 3)
                .with(node -> node.setAttribute("strides", new long[] {2, 2}))
                .with(node -> node.setAttribute("dilations", new long[] {1, 2}))
                .with(node -> node.setAttribute("pads", new long[] {1, 0, 1, 0}))
                .passes();
    }

    @Test
    void columnsToImages() {
        OperatorCheck.of("Col2Im")
                .floats("x", 2, 3 * 6, 12)
                .longs("image", 5, 5)
                .longs("block", 2, 3)
                .passes();
        OperatorCheck.of("Col2Im")
                .floats("x", 1, 2 * 4, 16)
                .longs("image", 5, 6)
                .longs("block", 2, 2)
                .with(node -> node.setAttribute("pads", new long[] {1, 0, 0, 2}))
                .with(node -> node.setAttribute("strides", new long[] {1, 2}))
                .with(node -> node.setAttribute("dilations", new long[] {2, 1}))
                .passes();
        OperatorCheck.of("Col2Im")
                .floats("x", 1, 8, 8)
                .longs("image", 3, 3, 3)
                .longs("block", 2, 2, 2)
                .passes();
    }

    @Test
    void saysWhatIsWrong() {
        OperatorCheck.of("DeformConv")
                .floats("x", 1, 1, 7, 7, 7)
                .floats("w", 1, 1, 2, 2, 2)
                .floats("offset", 1, 24, 6, 6, 6)
                .isRefused("not 3");
        OperatorCheck.of("Conv")
                .floats("x", 1, 1, 7, 7)
                .floats("w", 1, 1, 2, 2)
                .with(node -> node.setAttribute("strides", new long[] {1}))
                .isRefused("has 2 dimensions of space, but 1 strides");
    }
}
