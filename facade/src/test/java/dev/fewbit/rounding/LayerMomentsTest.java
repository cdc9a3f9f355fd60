package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.OutputMoments;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The layers run in ONNX Runtime. If inputs and outputs are put together rightly, the moments of
 * its outputs are the weights times the moments of the inputs: {@code E y x^T = W E x x^T + b E
 * x^T}.
 */
class LayerMomentsTest {
    @TempDir Path folder;

    /** Ways of going over an input of {@code [2, 6, 11, 10]}, or {@code [2, 6, 23]}. */
    enum Windows {
        PLAIN(1, node -> {}, 3, 3),
        PADS(1, node -> node.setAttribute("pads", new long[] {1, 0, 2, 3}), 3, 3),
        STRIDES(
                1,
                node -> {
                    node.setAttribute("strides", new long[] {2, 3});
                    node.setAttribute("pads", new long[] {1, 1, 1, 1});
                },
                3,
                2),
        DILATIONS(
                1,
                node -> {
                    node.setAttribute("dilations", new long[] {2, 3});
                    node.setAttribute("pads", new long[] {2, 3, 2, 3});
                },
                3,
                3),
        SAME_UPPER(1, same("SAME_UPPER", 1, 1), 3, 4),
        SAME_LOWER(1, same("SAME_LOWER", 1, 1), 2, 3),
        SAME_UPPER_WITH_STRIDES(1, same("SAME_UPPER", 2, 3), 3, 4),
        SAME_LOWER_WITH_STRIDES(1, same("SAME_LOWER", 3, 2), 4, 3),
        VALID(
                1,
                node -> {
                    node.setAttribute("auto_pad", "VALID");
                    node.setAttribute("strides", new long[] {2, 1});
                },
                3,
                3),
        NOTSET(
                1,
                node -> {
                    node.setAttribute("auto_pad", "NOTSET");
                    node.setAttribute("pads", new long[] {2, 1, 0, 1});
                    node.setAttribute("kernel_shape", new long[] {3, 3});
                },
                3,
                3),
        GROUPS(2, node -> node.setAttribute("pads", new long[] {1, 1, 1, 1}), 3, 3),
        DEPTHWISE(6, node -> node.setAttribute("strides", new long[] {2, 2}), 3, 3),
        ONE_DIMENSION(
                1,
                node -> {
                    node.setAttribute("pads", new long[] {2, 1});
                    node.setAttribute("strides", new long[] {2});
                    node.setAttribute("dilations", new long[] {2});
                },
                5),
        ONE_DIMENSION_IN_GROUPS(3, same("SAME_LOWER", 2), 4);

        private final int groups;

        @SuppressWarnings("ImmutableEnumChecker") // without state
        private final Consumer<Node> attributes;

        @SuppressWarnings("ImmutableEnumChecker") // not handed out
        private final long[] kernel;

        Windows(int groups, Consumer<Node> attributes, long... kernel) {
            this.groups = groups;
            this.attributes = attributes;
            this.kernel = kernel;
        }

        private static Consumer<Node> same(String pads, long... strides) {
            return node -> {
                node.setAttribute("auto_pad", pads);
                node.setAttribute("strides", strides);
            };
        }

        long[] inputShape() {
            return kernel.length == 1 ? new long[] {2, 6, 23} : new long[] {2, 6, 11, 10};
        }

        Value build(RoundingNet net) {
            long inputs = 6 / groups;
            long[] shape = new long[2 + kernel.length];
            shape[0] = 12;
            shape[1] = inputs;
            for (int axis = 0; axis < kernel.length; axis++) {
                shape[2 + axis] = kernel[axis];
                inputs *= kernel[axis];
            }
            return net.node(
                    "Conv",
                    "layer",
                    node -> {
                        node.setAttribute("group", groups);
                        attributes.accept(node);
                    },
                    net.input("x", inputShape()),
                    net.weight("layer", inputs, shape),
                    net.bias("layer", 12));
        }
    }

    @ParameterizedTest
    @EnumSource
    void convolutionsGoOverTheirInputAsTheRuntimeDoes(Windows windows) throws IOException {
        RoundingNet net = new RoundingNet();
        Model model = net.deliver(windows.build(net));
        LayerMoments moments = collected(model, Set.of(), windows.inputShape());
        LayerSite site = Sites.all(model, Sites.INT4, Grouping.CHANNEL).getFirst();
        check(moments, new LayerBundle(List.of(site)));
    }

    @Test
    void productsTakeRowsOfAnyNumberOfDimensions() throws IOException {
        for (long[] shape : new long[][] {{7, 24}, {2, 3, 24}, {2, 2, 3, 24}}) {
            RoundingNet net = new RoundingNet();
            Model model = net.deliver(net.product("layer", net.input("x", shape), true, 24, 10));
            LayerMoments moments = collected(model, Set.of(), shape);
            assertThat(moments.count()).isEqualTo(3 * (elements(shape) / 24));
            check(moments, new LayerBundle(Sites.all(model, Sites.INT4, Grouping.CHANNEL)));
        }
    }

    @Test
    void aGemmMayHaveItsWeightsEitherWay() throws IOException {
        for (int turned = 0; turned < 2; turned++) {
            RoundingNet net = new RoundingNet();
            Value weight =
                    turned == 1 ? net.weight("layer", 24, 10, 24) : net.weight("layer", 24, 24, 10);
            int transB = turned;
            Value output =
                    net.node(
                            "Gemm",
                            "layer",
                            node -> {
                                node.setAttribute("transB", transB);
                                node.setAttribute("beta", 2.5f);
                            },
                            net.input("x", 7, 24),
                            weight,
                            net.bias("layer", 10));
            Model model = net.deliver(output);
            check(
                    collected(model, Set.of(), 7, 24),
                    new LayerBundle(Sites.all(model, Sites.INT4, Grouping.CHANNEL)));
        }
    }

    /** Layers of different widths that read one value are one matrix. */
    @Test
    void layersOfOneInputAreOneMatrix() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 2, 5, 24);
        Value one = net.product("one", x, true, 24, 10);
        Value two = net.product("two", x, true, 24, 3);
        Value three = net.product("three", x, true, 24, 17);
        Model model = net.deliver(one, two, three);
        List<LayerBundle> bundles =
                LayerBundle.of(Sites.all(model, Sites.INT4, Grouping.block(16)));
        assertThat(bundles).hasSize(1);
        assertThat(bundles.getFirst().rows()).isEqualTo(30);
        LayerMoments moments = collected(model, Set.of("two", "three"), 2, 5, 24);
        check(moments, bundles.getFirst());
    }

    /** Many positions: some of each picture are taken, the same relation holds. */
    @Test
    void largePicturesGiveAPartOfTheirPositions() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 2, 300, 300);
        Model model = net.deliver(net.convolution("layer", x, true, 1, 3, 2, 3, 3));
        LayerMoments moments = collected(model, Set.of(), 1, 2, 300, 300);
        // Three samples share 2^17 positions.
        assertThat(moments.count()).isLessThanOrEqualTo(1 << 17).isGreaterThan(1 << 16);
        check(moments, new LayerBundle(Sites.all(model, Sites.INT4, Grouping.CHANNEL)));
    }

    @Test
    void whatCannotBeTheLayersOutputIsRefused() throws IOException {
        RoundingNet net = new RoundingNet();
        Model model = net.deliver(net.product("layer", net.input("x", 4, 8), true, 8, 3));
        LayerMoments moments =
                new LayerMoments(
                        new LayerBundle(Sites.all(model, Sites.INT4, Grouping.CHANNEL)), 1);
        assertThatThrownBy(
                        () ->
                                moments.add(
                                        new float[32],
                                        new long[] {4, 8},
                                        List.of(new float[11]),
                                        Workers.of(1)))
                .hasMessageContaining("'layer.product' should make 12 numbers")
                .hasMessageContaining("11");
    }

    private static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return elements;
    }

    /** Moments of three samples, as the runtime computes them. */
    private LayerMoments collected(Model model, Set<String> more, long... shape)
            throws IOException {
        Path file = folder.resolve("float.onnx");
        OnnxWriter.write(model, file, WriteOptions.defaults());
        List<Sample> samples = RoundingData.samples(3, 1, shape);
        List<Map<String, NumberArray>> outputs = RoundingData.run(file, samples, more, folder);
        LayerBundle bundle =
                LayerBundle.of(Sites.all(model, Sites.INT4, Grouping.CHANNEL)).getFirst();
        LayerMoments moments = new LayerMoments(bundle, samples.size());
        for (int i = 0; i < samples.size(); i++) {
            NumberArray x = samples.get(i).inputs().get("x");
            List<float[]> targets = new ArrayList<>();
            for (LayerSite site : bundle.sites()) {
                targets.add(FloatArrays.of(outputs.get(i).get(site.target())));
            }
            moments.add(FloatArrays.of(x), x.shape(), targets, Workers.of(2));
        }
        return moments;
    }

    private static void check(LayerMoments moments, LayerBundle bundle) {
        WeightMatrix all = bundle.weights();
        int rows = all.rows() / moments.groups();
        List<Double> bias = new ArrayList<>();
        for (LayerSite site : bundle.sites()) {
            for (double each : site.layer().bias()) {
                bias.add(each);
            }
        }
        for (int group = 0; group < moments.groups(); group++) {
            OutputMoments found = moments.take(group).all();
            Hessian h = found.inputs();
            double[] mean = found.inputMean();
            for (int row = 0; row < rows; row++) {
                int channel = group * rows + row;
                double shift = bias.get(channel);
                for (int i = 0; i < h.width(); i++) {
                    double expected = shift * mean[i];
                    double size = Math.abs(expected);
                    for (int k = 0; k < h.width(); k++) {
                        double term = all.get(channel, k) * h.get(k, i);
                        expected += term;
                        size +=
                                Math.abs(all.get(channel, k))
                                        * Math.sqrt(h.get(k, k) * h.get(i, i));
                    }
                    // Sums of up to 256 products of floats, each off by 2^-24 of itself.
                    assertThat(found.cross(row, i))
                            .isCloseTo(expected, within(256 * 0x1p-24 * size));
                }
            }
        }
    }
}
