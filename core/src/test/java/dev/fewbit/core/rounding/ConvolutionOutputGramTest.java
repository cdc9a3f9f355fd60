package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

class ConvolutionOutputGramTest {

    private static final int PER_GROUP = 2;

    static Stream<ConvolutionGeometry> geometries() {
        return ConvolutionGramTest.geometries();
    }

    /** What a kernel makes of the inputs leads back to this kernel, whatever one starts from. */
    @ParameterizedTest
    @MethodSource("geometries")
    void theOutputsLeadBackToTheKernel(ConvolutionGeometry geometry) {
        int outputs = PER_GROUP * geometry.groups();
        int width = geometry.inputs();
        float[] images = ConvolutionGramTest.images(geometry);
        float[] kernels = Problems.inputs(outputs, width, 5);
        ConvolutionOutputGram alone = new ConvolutionOutputGram(geometry, outputs, 1000);
        ConvolutionOutputGram together = new ConvolutionOutputGram(geometry, outputs, 1000);
        for (int n = 0; n < ConvolutionGramTest.IMAGES; n++) {
            int from = n * geometry.elements();
            float[] out = outputs(geometry, images, from, kernels);
            alone.add(geometry, images, from, out, 0, ALONE);
            together.add(geometry, images, from, out, 0, Workers.of(3));
        }
        for (int g = 0; g < geometry.groups(); g++) {
            OutputMoments moments = alone.group(g).moments();
            WeightMatrix kernel =
                    new WeightMatrix(kernels, outputs, width)
                            .part(g * PER_GROUP, (g + 1) * PER_GROUP);
            double damping = 1e-6;
            WeightMatrix start = new WeightMatrix(new float[PER_GROUP * width], PER_GROUP, width);
            WeightMatrix target = SequentialTarget.of(start, moments, damping, ALONE);
            double error = WeightedError.of(kernel, target, moments.inputs(), ALONE);
            double power = WeightedError.of(kernel, start, moments.inputs(), ALONE);
            assertThat(error).isCloseTo(0, within(1e-4 * power));
            assertThat(together.group(g).moments().inputs().values())
                    .isEqualTo(moments.inputs().values());
            assertThat(together.group(g).moments().outputMean()).isEqualTo(moments.outputMean());
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        ConvolutionGeometry geometry = ConvolutionGeometry.plain(1, 5, 5, 3, 3);
        assertThatThrownBy(() -> new ConvolutionOutputGram(geometry, 2, 0))
                .hasMessageContaining("got 0 and 2");
        ConvolutionOutputGram gram = new ConvolutionOutputGram(geometry, 2, 10);
        assertThatThrownBy(
                        () ->
                                gram.add(
                                        ConvolutionGeometry.plain(2, 5, 5, 3, 3),
                                        new float[50],
                                        0,
                                        new float[18],
                                        0,
                                        ALONE))
                .hasMessageContaining("got 1 and 18");
    }

    private static float[] outputs(
            ConvolutionGeometry geometry, float[] images, int from, float[] kernels) {
        int positions = geometry.positions();
        int width = geometry.inputs();
        float[] made = new float[PER_GROUP * geometry.groups() * positions];
        for (int output = 0; output < PER_GROUP * geometry.groups(); output++) {
            float[] kernel = new float[width];
            System.arraycopy(kernels, output * width, kernel, 0, width);
            for (int p = 0; p < positions; p++) {
                made[output * positions + p] =
                        (float)
                                ConvolutionGramTest.output(
                                        geometry, images, from, output / PER_GROUP, kernel, p);
            }
        }
        return made;
    }
}
