package dev.fewbit.train.operator;

import org.junit.jupiter.api.Test;

class ShapesTest {

    @Test
    void otherShapes() {
        OperatorCheck.of("Identity").floats("x", 2, 3).passes();
        OperatorCheck.of("Reshape").floats("x", 2, 3, 4).longs("shape", 0, -1).passes();
        OperatorCheck.of("Reshape").floats("x", 2, 3, 4).longs("shape", 4, 1, 6).passes();
        OperatorCheck.of("Reshape")
                .floats("x", 2, 0, 4)
                .longs("shape", 0, 7)
                .with(node -> node.setAttribute("allowzero", 1))
                .passes();
        for (int axis = -3; axis <= 3; axis++) {
            long cut = axis;
            OperatorCheck.of("Flatten")
                    .floats("x", 2, 3, 4)
                    .with(node -> node.setAttribute("axis", cut))
                    .passes();
        }
        OperatorCheck.of("Transpose").floats("x", 2, 3, 4).passes();
        OperatorCheck.of("Transpose")
                .floats("x", 2, 3, 4)
                .with(node -> node.setAttribute("perm", new long[] {1, 2, 0}))
                .passes();
    }

    @Test
    void axesOfSizeOne() {
        OperatorCheck.of("Squeeze").floats("x", 1, 3, 1, 4).passes();
        OperatorCheck.of("Squeeze").floats("x", 1, 3, 1, 4).longs("axes", -2).passes();
        OperatorCheck.of("Squeeze").floats("x", 1, 3, 1, 4).longs("axes", 2, 0).passes();
        OperatorCheck.of("Unsqueeze").floats("x", 3, 4).longs("axes", 3, 0).passes();
        OperatorCheck.of("Unsqueeze").floats("x", 3, 4).longs("axes", -1, 1).passes();
    }

    @Test
    void sizesGrow() {
        OperatorCheck.of("Expand").floats("x", 3, 1).longs("shape", 2, 1, 4).passes();
        OperatorCheck.of("Expand").floats("x", 3, 4).longs("shape", 1).passes();
    }

    @Test
    void shapesAsTensors() {
        OperatorCheck.of("Size").floats("x", 2, 3, 4).passes();
        OperatorCheck.of("Shape").floats("x", 2, 3, 4).passes();
        long[][] parts = {{1, 3}, {-2, 3}, {0, -1}, {2, 1}, {-9, 9}};
        for (long[] part : parts) {
            OperatorCheck.of("Shape")
                    .floats("x", 2, 3, 4)
                    .with(node -> node.setAttribute("start", part[0]))
                    .with(node -> node.setAttribute("end", part[1]))
                    .passes();
        }
    }
}
