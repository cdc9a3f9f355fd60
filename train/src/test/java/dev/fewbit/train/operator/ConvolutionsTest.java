package dev.fewbit.train.operator;

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
}
