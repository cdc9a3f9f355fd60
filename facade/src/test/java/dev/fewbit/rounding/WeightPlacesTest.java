package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.core.rounding.layer.LayerRounder;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

class WeightPlacesTest {

    /** Layers, and where the weight of an output channel for an input lies in their tensors. */
    enum Layers {
        MATMUL(n -> n.product("l", n.input("x", 3, 70), true, 70, 20), 20, 70) {
            @Override
            int place(int row, int column) {
                return column * 20 + row;
            }
        },
        GEMM(n -> n.node("Gemm", "l", n.input("x", 3, 70), n.weight("l", 70, 70, 20)), 20, 70) {
            @Override
            int place(int row, int column) {
                return column * 20 + row;
            }
        },
        TURNED_GEMM(
                n ->
                        n.node(
                                "Gemm",
                                "l",
                                node -> node.setAttribute("transB", 1),
                                n.input("x", 3, 70),
                                n.weight("l", 70, 20, 70)),
                20,
                70),
        CONVOLUTION(
                n -> n.convolution("l", n.input("x", 1, 5, 9, 9), true, 1, 12, 5, 3, 3), 12, 45),
        GROUPED(n -> n.convolution("l", n.input("x", 1, 6, 9, 9), false, 2, 12, 3, 3, 3), 12, 27),
        DEPTHWISE(n -> n.convolution("l", n.input("x", 1, 8, 9), true, 8, 16, 1, 5), 16, 5);

        @SuppressWarnings("ImmutableEnumChecker") // without state
        private final Function<RoundingNet, Value> build;

        private final int rows;
        private final int columns;

        Layers(Function<RoundingNet, Value> build, int rows, int columns) {
            this.build = build;
            this.rows = rows;
            this.columns = columns;
        }

        int place(int row, int column) {
            return row * columns + column;
        }

        Model model() {
            RoundingNet net = new RoundingNet();
            return net.deliver(build.apply(net));
        }
    }

    static LinearLayer layer(Model model) {
        Constants constants = new Constants(model);
        return model.graph().nodes().stream()
                .flatMap(node -> LinearLayer.of(node, constants).stream())
                .findFirst()
                .orElseThrow();
    }

    private static WeightSite weights(Model model) {
        return WeightSites.find(model).stream()
                .filter(site -> site.tensor().rank() > 1)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void theMatrixHasARowForEachOutputChannel(Layers layers) {
        LinearLayer layer = layer(layers.model());
        WeightPlaces places = WeightPlaces.of(layer);
        WeightMatrix matrix = places.matrix(layer.weights());
        assertThat(matrix.rows()).isEqualTo(layers.rows).isEqualTo(places.rows());
        assertThat(matrix.columns()).isEqualTo(layers.columns).isEqualTo(places.columns());
        float[] tensor = layer.weights();
        for (int row = 0; row < layers.rows; row++) {
            for (int c = 0; c < layers.columns; c++) {
                assertThat(matrix.get(row, c)).isEqualTo(tensor[layers.place(row, c)]);
            }
        }
    }

    static Stream<Arguments> cases() {
        List<WeightFormat> formats =
                List.of(
                        new Affine(4, true, true),
                        new Affine(3, false, false),
                        new Affine(8, false, false),
                        new MidRise(2),
                        PowersOfTwo.of(4),
                        new Codebook(2),
                        new Codebook(2, Codebook.Entries.INT8));
        List<Grouping> groupings =
                List.of(
                        Grouping.TENSOR,
                        Grouping.CHANNEL,
                        Grouping.block(16),
                        Grouping.block(16).withScaleBits(8),
                        Grouping.block(256));
        return Arrays.stream(Layers.values())
                .flatMap(
                        layers ->
                                formats.stream()
                                        .flatMap(
                                                format ->
                                                        groupings.stream()
                                                                .map(
                                                                        grouping ->
                                                                                Arguments.of(
                                                                                        layers,
                                                                                        format,
                                                                                        grouping))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void roundedWeightsComeBackToTheirPlaces(Layers layers, WeightFormat format, Grouping grouping)
            throws IOException {
        Model model = layers.model();
        LinearLayer layer = layer(model);
        WeightSite site = weights(model);
        WeightPlan plan = Sites.plan(site, format, grouping);
        WeightPlaces places = WeightPlaces.of(layer);
        RoundedMatrix rounded =
                new LayerRounder(places.format(plan), 0.01, Workers.of(1))
                        .nearest(places.matrix(layer.weights()), Hessian.identity(layers.columns));
        RoundedWeight weight = places.tensor(rounded, plan);
        GroupGeometry geometry = site.geometry(grouping);
        if (format instanceof Affine affine) {
            weight.check("w", affine, geometry);
            assertThat(weight.tables()).isEmpty();
        } else {
            assertThat(weight.zeroPoints()).isEmpty();
        }
        float[] tensor = dequantized(weight, plan, geometry, site);
        for (int row = 0; row < layers.rows; row++) {
            for (int c = 0; c < layers.columns; c++) {
                assertThat(tensor[layers.place(row, c)]).isEqualTo(rounded.value(row, c));
            }
        }
    }

    private static float[] dequantized(
            RoundedWeight weight, WeightPlan plan, GroupGeometry geometry, WeightSite site) {
        float[] tensor = new float[(int) geometry.elementCount()];
        assertThat(weight.codes()).hasSize(tensor.length);
        boolean scaled = weight.scales().length > 0;
        if (scaled) {
            assertThat(weight.scales()).hasSize((int) geometry.groupCount());
        }
        for (int i = 0; i < tensor.length; i++) {
            int group = (int) geometry.groupOf(i);
            float level =
                    switch (plan.format()) {
                        case Affine affine ->
                                (affine.signed() ? weight.codes()[i] : weight.codes()[i] & 0xFF)
                                        - weight.zeroPoints()[group];
                        case MidRise midRise -> midRise.integerLevels()[weight.codes()[i]];
                        case PowersOfTwo powers -> powers.levels()[weight.codes()[i]];
                        case Codebook codebook -> {
                            int table = table(i, codebook, plan, site, weight.tables().size());
                            yield weight.tables().get(table).level(weight.codes()[i]);
                        }
                    };
            tensor[i] = scaled ? level * weight.scales()[group] : level;
        }
        return tensor;
    }

    /** The table of an element, by its output channel. */
    private static int table(
            int element, Codebook codebook, WeightPlan plan, WeightSite site, int tables) {
        long[] shape = site.tensor().shape();
        int axis = site.groupsRunDownColumns() ? 1 : 0;
        int after = axis == 1 ? 1 : (int) (site.tensor().elementCount() / shape[0]);
        int channel = element / after % (int) shape[axis];
        CodebookSharing sharing =
                plan.grouping().kind() == Grouping.Kind.TENSOR && codebook.integral()
                        ? new CodebookSharing.OneTable()
                        : CodebookSharing.bySize(shape, axis, codebook);
        return switch (sharing) {
            case CodebookSharing.OneTable() -> {
                assertThat(tables).isEqualTo(1);
                yield 0;
            }
            case CodebookSharing.ChannelGroups(int its, int channels) -> {
                assertThat(its).isEqualTo(axis);
                assertThat(tables).isEqualTo(Math.ceilDiv((int) shape[axis], channels));
                yield channel / channels;
            }
        };
    }
}
