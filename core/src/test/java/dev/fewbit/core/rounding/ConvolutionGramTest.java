package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.rounding.ConvolutionGeometry.Axis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Random;
import java.util.stream.Stream;

class ConvolutionGramTest {

    static final int IMAGES = 3;

    static Stream<ConvolutionGeometry> geometries() {
        return Stream.of(
                ConvolutionGeometry.plain(3, 7, 5, 3, 3),
                ConvolutionGeometry.plain(4, 1, 20, 1, 5),
                new ConvolutionGeometry(
                        4, 2, new Axis(9, 3, 2, 2, 1, 0), new Axis(8, 2, 1, 3, 2, 2)),
                new ConvolutionGeometry(
                        6, 6, new Axis(11, 3, 1, 1, 1, 1), new Axis(10, 3, 2, 1, 0, 1)));
    }

    /**
     * A convolution by its definition, whose squared outputs have to be what the moments say of any
     * kernel: the mean square of {@code w x} is {@code w H w^T}.
     */
    @ParameterizedTest
    @MethodSource("geometries")
    void theMomentsPredictTheOutputs(ConvolutionGeometry geometry) {
        ConvolutionGram gram = new ConvolutionGram(geometry, Integer.MAX_VALUE);
        float[] images = images(geometry);
        float[] positionWeights = positionWeights(geometry);
        ConvolutionGram weighted = new ConvolutionGram(geometry, Integer.MAX_VALUE);
        for (int n = 0; n < IMAGES; n++) {
            gram.add(geometry, images, n * geometry.elements(), ALONE);
            weighted.addWeighted(
                    geometry, images, n * geometry.elements(), positionWeights, Workers.of(2));
        }
        for (int g = 0; g < geometry.groups(); g++) {
            float[] kernel = Problems.inputs(1, geometry.inputs(), g);
            double sum = 0;
            double squares = 0;
            double weightedSquares = 0;
            double weights = 0;
            for (int n = 0; n < IMAGES; n++) {
                for (int p = 0; p < geometry.positions(); p++) {
                    double output = output(geometry, images, n * geometry.elements(), g, kernel, p);
                    sum += output;
                    squares += output * output;
                    weightedSquares += positionWeights[p] * output * output;
                    weights += positionWeights[p];
                }
            }
            long count = (long) IMAGES * geometry.positions();
            GramMatrix group = gram.group(g);
            assertThat(group.count()).isEqualTo(count);
            double expected = squares / count;
            assertThat(quadratic(group.hessian(), kernel))
                    .isCloseTo(expected, within(1e-4 * expected));
            double mean = 0;
            for (int i = 0; i < kernel.length; i++) {
                mean += kernel[i] * group.mean()[i];
            }
            assertThat(mean).isCloseTo(sum / count, within(1e-4 * Math.sqrt(expected)));
            double expectedWeighted = weightedSquares / weights;
            assertThat(quadratic(weighted.group(g).hessian(), kernel))
                    .isCloseTo(expectedWeighted, within(1e-4 * expectedWeighted));
        }
    }

    @Test
    void somePositionsStandForAll() {
        ConvolutionGeometry geometry =
                new ConvolutionGeometry(
                        2, 1, new Axis(30, 3, 1, 1, 1, 1), new Axis(30, 3, 1, 1, 1, 1));
        int[] taken = new int[geometry.positions()];
        for (int n = 0; n < 90; n++) {
            Patches patches = new Patches(geometry, 100, n);
            assertThat(patches.count()).isEqualTo(100);
            int last = -1;
            for (int k = 0; k < 100; k++) {
                assertThat(patches.position(k)).isGreaterThan(last).isLessThan(taken.length);
                last = patches.position(k);
                taken[last]++;
            }
        }
        // 9000 patches over 900 positions: each is taken about ten times.
        for (int count : taken) {
            assertThat(count).isBetween(8, 12);
        }
    }

    @Test
    void theMomentsDoNotDependOnTheThreads() {
        for (ConvolutionGeometry geometry : geometries().toList()) {
            float[] images = images(geometry);
            ConvolutionGram alone = new ConvolutionGram(geometry, 20);
            ConvolutionGram together = new ConvolutionGram(geometry, 20);
            for (int n = 0; n < IMAGES; n++) {
                alone.add(geometry, images, n * geometry.elements(), ALONE);
                together.add(geometry, images, n * geometry.elements(), Workers.of(3));
            }
            for (int g = 0; g < geometry.groups(); g++) {
                assertThat(together.group(g).hessian().values())
                        .isEqualTo(alone.group(g).hessian().values());
            }
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatThrownBy(() -> ConvolutionGeometry.plain(1, 2, 5, 3, 3))
                .hasMessageContaining("larger than the padded input of 2");
        assertThatThrownBy(() -> new ConvolutionGeometry(4, 3, Axis.plain(5, 1), Axis.plain(5, 1)))
                .hasMessageContaining("got 4 channels in 3 groups");
        ConvolutionGram gram = new ConvolutionGram(ConvolutionGeometry.plain(1, 5, 5, 3, 3), 10);
        assertThatThrownBy(
                        () ->
                                gram.add(
                                        ConvolutionGeometry.plain(2, 5, 5, 3, 3),
                                        new float[50],
                                        0,
                                        ALONE))
                .hasMessageContaining("18");
    }

    static double output(
            ConvolutionGeometry geometry,
            float[] images,
            int from,
            int group,
            float[] kernel,
            int position) {
        Axis vertical = geometry.vertical();
        Axis horizontal = geometry.horizontal();
        int outY = position / horizontal.outputs();
        int outX = position % horizontal.outputs();
        double sum = 0;
        int k = 0;
        for (int c = 0; c < geometry.channelsPerGroup(); c++) {
            int channel = group * geometry.channelsPerGroup() + c;
            for (int ky = 0; ky < vertical.kernel(); ky++) {
                for (int kx = 0; kx < horizontal.kernel(); kx++) {
                    int y =
                            outY * vertical.stride()
                                    + ky * vertical.dilation()
                                    - vertical.padBefore();
                    int x =
                            outX * horizontal.stride()
                                    + kx * horizontal.dilation()
                                    - horizontal.padBefore();
                    if (y >= 0 && y < vertical.size() && x >= 0 && x < horizontal.size()) {
                        int at = (channel * vertical.size() + y) * horizontal.size() + x;
                        sum += (double) kernel[k] * images[from + at];
                    }
                    k++;
                }
            }
        }
        return sum;
    }

    private static double quadratic(Hessian hessian, float[] kernel) {
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            for (int j = 0; j < kernel.length; j++) {
                sum += kernel[i] * hessian.get(i, j) * kernel[j];
            }
        }
        return sum;
    }

    static float[] images(ConvolutionGeometry geometry) {
        return Problems.inputs(IMAGES, geometry.elements(), 1);
    }

    private static float[] positionWeights(ConvolutionGeometry geometry) {
        Random random = new Random(2);
        float[] weights = new float[geometry.positions()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat();
        }
        return weights;
    }
}
