package dev.fewbit.train.operator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

    private static OperatorCheck grid(String mode, String padding, int corners, int dimensions) {
        boolean flat = dimensions == 2;
        return OperatorCheck.of("GridSample")
                .floats("x", flat ? new long[] {2, 3, 5, 6} : new long[] {2, 3, 5, 6, 4})
                .floats("grid", flat ? new long[] {2, 4, 3, 2} : new long[] {2, 2, 4, 3, 3})
                .with(node -> node.setAttribute("mode", mode))
                .with(node -> node.setAttribute("padding_mode", padding))
                .with(node -> node.setAttribute("align_corners", corners));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zeros", "border", "reflection"})
    void atPlacesOfAGrid(String padding) {
        for (int corners : new int[] {0, 1}) {
            for (String mode : new String[] {"linear", "nearest", "cubic"}) {
                grid(mode, padding, corners, 2).passes();
            }
            grid("linear", padding, corners, 3).passes();
            grid("nearest", padding, corners, 3).passes();
        }
    }

    @Test
    void cubicHasTwoDimensions() {
        grid("cubic", "zeros", 0, 3)
                .isRefused("with mode=cubic is not supported in 3 dimensions of space");
    }

    @Test
    void affineGrids() {
        for (int corners : new int[] {0, 1}) {
            OperatorCheck.of("AffineGrid")
                    .floats("theta", 2, 2, 3)
                    .longs("size", 2, 3, 4, 5)
                    .with(node -> node.setAttribute("align_corners", corners))
                    .passes();
            OperatorCheck.of("AffineGrid")
                    .floats("theta", 2, 3, 4)
                    .longs("size", 2, 3, 4, 5, 6)
                    .with(node -> node.setAttribute("align_corners", corners))
                    .passes();
        }
    }

    @Test
    void cutAndPaddedAroundTheMiddle() {
        OperatorCheck.of("CenterCropPad").floats("x", 5, 6, 7).longs("shape", 2, 9, 4).passes();
        OperatorCheck.of("CenterCropPad").floats("x", 5, 6, 7).longs("shape", 8, 3, 7).passes();
        OperatorCheck.of("CenterCropPad")
                .floats("x", 5, 6, 7)
                .longs("shape", 3, 2)
                .with(node -> node.setAttribute("axes", new long[] {-1, 0}))
                .passes();
    }
}
